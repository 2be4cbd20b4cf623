/**
 * The part of TensorFlow's C interface that tfjs-node's addon calls, declared for its compilation: the archives that bring the
 * libraries need not bring headers. Functions, enumerations and structures as in tensorflow/c/{c_api,tf_*}.h and
 * tensorflow/c/eager/c_api.h of 2.21, unchanged since 2.7. Strings go through the library's own functions.
 */

/** Names under which the addon includes it. */
export const headerNames = [
  'tensorflow/c/c_api.h',
  'tensorflow/c/tf_datatype.h',
  'tensorflow/c/tf_status.h',
  'tensorflow/c/tf_tensor.h',
  'tensorflow/c/eager/c_api.h',
  'tensorflow/core/platform/ctstring_internal.h',
] as const;

const opaque = [
  'TF_Tensor', 'TF_Status', 'TF_Graph', 'TF_Operation', 'TF_Session', 'TF_SessionOptions', 'TF_DeviceList',
  'TFE_Context', 'TFE_ContextOptions', 'TFE_Op', 'TFE_TensorHandle',
];

export const header = `// Declarations for the addon, written by cnnc.
#ifndef CNNC_TENSORFLOW_H_
#define CNNC_TENSORFLOW_H_
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

${opaque.map((name) => `typedef struct ${name} ${name};`).join('\n')}

typedef enum TF_Code { TF_OK = 0, TF_CANCELLED = 1, TF_UNAUTHENTICATED = 16 } TF_Code;
typedef enum TF_DataType {
  TF_FLOAT = 1, TF_DOUBLE = 2, TF_INT32 = 3, TF_UINT8 = 4, TF_INT16 = 5, TF_INT8 = 6, TF_STRING = 7, TF_COMPLEX64 = 8, TF_INT64 = 9,
  TF_BOOL = 10, TF_RESOURCE = 20
} TF_DataType;
typedef enum TF_AttrType { TF_ATTR_STRING = 0, TF_ATTR_INT = 1, TF_ATTR_FLOAT = 2, TF_ATTR_BOOL = 3, TF_ATTR_TYPE = 4, TF_ATTR_SHAPE = 5 } TF_AttrType;
typedef struct TF_Output { TF_Operation* oper; int index; } TF_Output;
typedef struct TF_Buffer { const void* data; size_t length; void (*data_deallocator)(void* data, size_t length); } TF_Buffer;

const char* TF_Version(void);
TF_Status* TF_NewStatus(void);
void TF_DeleteStatus(TF_Status*);
TF_Code TF_GetCode(const TF_Status*);
const char* TF_Message(const TF_Status*);
TF_Buffer* TF_NewBuffer(void);
TF_Buffer* TF_NewBufferFromString(const void* proto, size_t proto_len);
void TF_DeleteBuffer(TF_Buffer*);

size_t TF_DataTypeSize(TF_DataType);
TF_Tensor* TF_NewTensor(TF_DataType, const int64_t* dims, int num_dims, void* data, size_t len, void (*deallocator)(void* data, size_t len, void* arg), void* arg);
TF_Tensor* TF_AllocateTensor(TF_DataType, const int64_t* dims, int num_dims, size_t len);
void TF_DeleteTensor(TF_Tensor*);
TF_DataType TF_TensorType(const TF_Tensor*);
int TF_NumDims(const TF_Tensor*);
int64_t TF_Dim(const TF_Tensor*, int index);
size_t TF_TensorByteSize(const TF_Tensor*);
void* TF_TensorData(const TF_Tensor*);
int64_t TF_TensorElementCount(const TF_Tensor*);

TF_SessionOptions* TF_NewSessionOptions(void);
void TF_DeleteSessionOptions(TF_SessionOptions*);
TF_Graph* TF_NewGraph(void);
void TF_DeleteGraph(TF_Graph*);
TF_Operation* TF_GraphOperationByName(TF_Graph*, const char* name);
TF_Session* TF_LoadSessionFromSavedModel(const TF_SessionOptions*, const TF_Buffer* run_options, const char* export_dir, const char* const* tags, int tags_len, TF_Graph*, TF_Buffer* meta_graph_def, TF_Status*);
void TF_SessionRun(TF_Session*, const TF_Buffer* run_options, const TF_Output* inputs, TF_Tensor* const* input_values, int ninputs, const TF_Output* outputs, TF_Tensor** output_values, int noutputs, const TF_Operation* const* targets, int ntargets, TF_Buffer* run_metadata, TF_Status*);
void TF_DeleteSession(TF_Session*, TF_Status*);
int TF_DeviceListCount(const TF_DeviceList*);
const char* TF_DeviceListName(const TF_DeviceList*, int index, TF_Status*);
const char* TF_DeviceListType(const TF_DeviceList*, int index, TF_Status*);
void TF_DeleteDeviceList(TF_DeviceList*);

TFE_ContextOptions* TFE_NewContextOptions(void);
void TFE_DeleteContextOptions(TFE_ContextOptions*);
TFE_Context* TFE_NewContext(const TFE_ContextOptions*, TF_Status*);
void TFE_DeleteContext(TFE_Context*);
TF_DeviceList* TFE_ContextListDevices(TFE_Context*, TF_Status*);
TFE_TensorHandle* TFE_NewTensorHandle(const TF_Tensor*, TF_Status*);
void TFE_DeleteTensorHandle(TFE_TensorHandle*);
TF_DataType TFE_TensorHandleDataType(TFE_TensorHandle*);
int TFE_TensorHandleNumDims(TFE_TensorHandle*, TF_Status*);
int64_t TFE_TensorHandleDim(TFE_TensorHandle*, int dim_index, TF_Status*);
TF_Tensor* TFE_TensorHandleResolve(TFE_TensorHandle*, TF_Status*);
TFE_TensorHandle* TFE_TensorHandleCopyToDevice(TFE_TensorHandle*, TFE_Context*, const char* device_name, TF_Status*);
TFE_Op* TFE_NewOp(TFE_Context*, const char* name, TF_Status*);
void TFE_DeleteOp(TFE_Op*);
void TFE_OpAddInput(TFE_Op*, TFE_TensorHandle*, TF_Status*);
void TFE_Execute(TFE_Op*, TFE_TensorHandle** retvals, int* num_retvals, TF_Status*);
void TFE_OpSetAttrString(TFE_Op*, const char* name, const void* value, size_t length);
void TFE_OpSetAttrInt(TFE_Op*, const char* name, int64_t value);
void TFE_OpSetAttrFloat(TFE_Op*, const char* name, float value);
void TFE_OpSetAttrBool(TFE_Op*, const char* name, unsigned char value);
void TFE_OpSetAttrType(TFE_Op*, const char* name, TF_DataType value);
void TFE_OpSetAttrShape(TFE_Op*, const char* name, const int64_t* dims, int num_dims, TF_Status*);
void TFE_OpSetAttrIntList(TFE_Op*, const char* name, const int64_t* values, int num_values);
void TFE_OpSetAttrFloatList(TFE_Op*, const char* name, const float* values, int num_values);
void TFE_OpSetAttrBoolList(TFE_Op*, const char* name, const unsigned char* values, int num_values);

/* 24 bytes on every 64-bit platform; only the library looks inside. */
typedef struct TF_TString { uint64_t opaque[3]; } TF_TString;
void TF_StringInit(TF_TString*);
void TF_StringCopy(TF_TString*, const char* source, size_t size);
size_t TF_StringGetSize(const TF_TString*);
const char* TF_StringGetDataPointer(const TF_TString*);
void TF_StringDealloc(TF_TString*);
#define TF_TString_Init TF_StringInit
#define TF_TString_Copy TF_StringCopy
#define TF_TString_GetSize TF_StringGetSize
#define TF_TString_GetDataPointer TF_StringGetDataPointer
#define TF_TString_Dealloc TF_StringDealloc

#ifdef __cplusplus
}
#endif
#endif
`;
