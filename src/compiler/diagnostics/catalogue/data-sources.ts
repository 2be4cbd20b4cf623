/** CNN4050 to CNN4199, and CNN4011: what is wrong with the files and arrays that a source names. */
import { entry } from './entry.ts';

const listed = (items: readonly string[], total = items.length): string => (total > items.length ? `${items.join(', ')} and ${total - items.length} more` : items.join(', '));
const times = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
const pictures = (n: number): string => times(n, 'picture');
const lookAlike = (near: readonly string[]): readonly string[] => (near.length > 0 ? [`did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`] : []);

const large = (n: number): string => (n >= 1e9 ? `${Number((n / 1e9).toPrecision(2))} G` : `${Number((n / 1e6).toPrecision(2))} M`);

interface GroupSizes {
  readonly part: string;
  readonly fraction: number;
  readonly asked: number;
  readonly count: number;
  readonly groups: number;
  readonly smallest: number;
}

export const dataSourceCodes = {
  CNN4011: entry('warning', 'the same picture in two parts', (f: { count: number; parts: readonly [string, string]; example: readonly [string, string]; brought: boolean }) => ({
    message: `${pictures(f.count)} ${f.count === 1 ? 'is' : 'are'} in both the ${partName(f.parts[0])} and the ${partName(f.parts[1])} part`,
    label: `exact copies, e.g. ${f.example[0]} (${f.parts[0]}) = ${f.example[1]} (${f.parts[1]})`,
    notes: [`the ${partName(f.parts[1])} result would look better than it is`],
    help: [f.brought ? `remove the copies from one of the two parts` : 'keep copies together: split … duplicates=together'],
  })),

  CNN4050: entry('error', 'a file or folder is missing', (f: { path: string; resolved: string; what: 'folder' | 'file'; near: readonly string[] }) => ({
    message: `there is no ${f.what} "${f.path}"`,
    label: 'not found',
    notes: [`looked for ${f.resolved}`, 'paths are relative to the program'],
    help: lookAlike(f.near),
  })),
  CNN4051: entry('error', 'a file where a folder belongs, or the reverse', (f: { path: string; is: 'folder' | 'file' }) => ({
    message: f.is === 'file' ? `"${f.path}" is a file, not a folder of pictures` : `"${f.path}" is a folder, not a file`,
    label: f.is === 'file' ? 'a file' : 'a folder',
    help: f.is === 'file' ? (/\.csv$/i.test(f.path) ? [`read a table of pictures with: csv "${f.path}"`] : /\.(tgz|tar\.gz|tar|zip)$/i.test(f.path) ? ['unpack it, and name the folder that comes out'] : /\.npz$/i.test(f.path) ? [`read arrays with: npz "${f.path}"`] : /ubyte(\.gz)?$/i.test(f.path) ? ['read MNIST files with: idx "images" "labels"'] : ['name the folder that holds one sub-folder for each class']) : [`read a folder of pictures with: folder "${f.path}"`],
  })),
  CNN4052: entry('error', 'a file or folder cannot be read', (f: { path: string; reason: string }) => ({
    message: `"${f.path}" cannot be read: ${f.reason}`,
    help: f.reason === 'permission denied' ? ['let your user read it (chmod), or point the program at a copy'] : [],
  })),
  CNN4053: entry('error', 'a folder without classes', (f: { path: string; pictures: number; parts: readonly string[] }) => ({
    message:
      f.parts.length > 0
        ? `"${f.path}" has the parts ${listed(f.parts)} and no folder train`
        : f.pictures > 0
          ? `"${f.path}" holds ${pictures(f.pictures)} but no sub-folders, so no classes`
          : `"${f.path}" has no sub-folders with pictures`,
    help: f.parts.length > 0 ? [`put the training pictures under ${f.path}/train, one sub-folder for each class`] : [`make one sub-folder for each class:  ${f.path}/cat/1.jpg  ${f.path}/dog/1.jpg`, 'png, jpg and webp pictures are read'],
  })),
  CNN4054: entry('error', 'only one class', (f: { name: string; /** The one folder of classes; null where the data is no folder. */ beside: string | null }) => ({
    message: `the data has one class only, ${f.name}: there is nothing to tell apart`,
    help: [f.beside === null ? 'add pictures of another class' : `add pictures of something else, in a sub-folder of their own beside ${f.beside}`],
  })),
  CNN4055: entry('error', 'a class without pictures', (f: { names: readonly string[]; total: number }) => ({
    message: f.total === 1 ? `the class ${f.names[0]} has no pictures` : `${f.total} classes have no pictures: ${listed(f.names, f.total)}`,
    help: ['add pictures (png, jpg or webp), remove the empty folder, or name the classes that count: classes […]'],
  })),
  CNN4056: entry('error', 'a class has no folder', (f: { missing: readonly string[]; there: readonly string[]; near: readonly string[] }) => ({
    message: f.missing.length === 1 ? `the class ${f.missing[0]} of \`classes\` has no sub-folder` : `${f.missing.length} classes of \`classes\` have no sub-folder: ${listed(f.missing)}`,
    notes: [`sub-folders: ${listed(f.there.slice(0, 12), f.there.length)}`],
    help: lookAlike(f.near),
  })),
  CNN4057: entry('warning', 'sub-folders left out', (f: { names: readonly string[]; total: number }) => ({
    message: f.total === 1 ? `the sub-folder ${f.names[0]} is not in \`classes\` and is left out` : `${f.total} sub-folders are not in \`classes\` and are left out: ${listed(f.names, f.total)}`,
  })),
  CNN4058: entry('warning', 'files left out', (f: { count: number; reason: 'kind' | 'link' | 'outside'; examples: readonly string[] }) => ({
    message: {
      kind: `${times(f.count, 'picture is', 'pictures are')} of a kind that is not read, and left out`,
      link: `${times(f.count, 'link leads', 'links lead')} out of the folder or nowhere, and ${f.count === 1 ? 'is' : 'are'} left out`,
      outside: `${times(f.count, 'picture lies', 'pictures lie')} beside the class folders, and ${f.count === 1 ? 'is' : 'are'} left out`,
    }[f.reason],
    label: listed(f.examples, f.count),
    help: f.reason === 'kind' ? ['save them as png, jpg or webp'] : f.reason === 'outside' ? ['move them into the sub-folder of their class'] : ['copy what they point to into the folder'],
  })),
  CNN4059: entry('error', 'corrupt pictures', (f: { count: number; total: number; files: readonly { readonly path: string; readonly reason: string }[] }) => ({
    message: `${times(f.count, 'picture')} of ${f.total.toLocaleString('en-US')} cannot be decoded`,
    label: f.files[0] ? `${f.files[0].path}: ${f.files[0].reason}` : undefined,
    notes: corruptNotes(f.files, f.count),
    help: ['repair or remove them', 'or leave them out: on_corrupt skip'],
  })),
  CNN4060: entry('warning', 'corrupt pictures left out', (f: { count: number; total: number; files: readonly { readonly path: string; readonly reason: string }[] }) => ({
    message: `${times(f.count, 'picture')} of ${f.total.toLocaleString('en-US')} cannot be decoded and ${f.count === 1 ? 'is' : 'are'} left out`,
    notes: corruptNotes(f.files, f.count),
  })),
  CNN4062: entry('error', 'an empty part', (f: { part: string; fraction: number | null; count: number }) => ({
    message: f.fraction === null ? `the ${partName(f.part)} part has no pictures` : `with ${pictures(f.count)}, ${percent(f.fraction)} for the ${partName(f.part)} part leaves one of the parts empty`,
    help: f.fraction === null ? ['put pictures into it, or remove it'] : ['add pictures, or choose another fraction'],
  })),
  CNN4063: entry('warning', 'a class too small for the split', (f: { classes: readonly { readonly name: string; readonly count: number }[]; total: number; part: string; fraction: number }) => {
    const [first] = f.classes;
    return {
      message:
        f.total === 1
          ? `the class ${first.name} has ${pictures(first.count)}: none of ${first.count === 1 ? 'it' : 'them'} is in the ${partName(f.part)} part`
          : `${f.total} classes have too few pictures to be in the ${partName(f.part)} part`,
      label: listed(f.classes.map((c) => `${c.name}: ${c.count}`), f.total),
      notes: [`${percent(f.fraction)} go to the ${partName(f.part)} part, and each class keeps at least one picture for training`],
      help: [`add pictures: the ${partName(f.part)} result says nothing about ${f.total === 1 ? 'this class' : 'these classes'}`],
    };
  }),
  CNN4064: entry('warning', 'one picture, two classes', (f: { count: number; example: readonly [string, string] }) => ({
    message: `${times(f.count, 'picture is', 'pictures are')} in more than one class`,
    label: `exact copies, e.g. ${f.example[0]} = ${f.example[1]}`,
    help: ['keep each picture in the class it belongs to'],
  })),
  CNN4065: entry('error', 'a damaged data file', (f: { path: string; reason: string }) => ({
    message: `"${f.path}" cannot be used: ${f.reason}`,
    help: ['write the file anew, or copy it again from where it came'],
  })),
  CNN4066: entry('error', 'an array is missing', (f: { path: string; name: string; there: readonly string[] }) => ({
    message: `"${f.path}" has no array ${f.name}`,
    notes: [f.there.length > 0 ? `it has ${listed(f.there.slice(0, 12), f.there.length)}` : 'it has no arrays'],
    help: ['save it with: numpy.savez("data.npz", x=pictures, y=labels)'],
  })),
  CNN4067: entry('error', 'an array has the wrong shape', (f: { name: string; shape: readonly number[]; dtype: string; want: string }) => ({
    message: `${f.name} is ${f.dtype} of the shape (${f.shape.join(', ')}), but has to be ${f.want}`,
  })),
  CNN4068: entry('error', 'pictures and labels differ in number', (f: { x: string; y: string; pictures: number; labels: number }) => ({
    message: `${f.x} has ${pictures(f.pictures)}, but ${f.y} has ${times(f.labels, 'label')}`,
    help: ['each picture needs one label, in the same order'],
  })),
  CNN4069: entry('error', 'NaN or infinity in the data', (f: { place: string; value: number; count: number }) => ({
    message: `${f.place} is ${Number.isNaN(f.value) ? 'not a number (NaN)' : f.value > 0 ? 'infinite' : 'minus infinity'}`,
    notes: f.count > 1 ? [`so ${f.count === 2 ? 'is' : 'are'} ${times(f.count - 1, 'more value')}`] : [],
    help: ['training on it would end in NaN: replace such values, for example with numpy.nan_to_num'],
  })),
  CNN4070: entry('error', 'a label that is no class', (f: { place: string; value: number; classes: number }) => ({
    message: `${f.place} is ${f.value}, but ${f.value < 0 || !Number.isInteger(f.value) ? 'labels are whole numbers from 0' : `with ${f.classes} classes labels go from 0 to ${f.classes - 1}`}`,
    help: ['number the classes from 0: numpy.unique(y, return_inverse=True)[1]'],
  })),
  CNN4071: entry('error', 'labels of another kind', (f: { place: string; is: string; asked: string; want: string; use: string | null }) => ({
    message: `\`labels ${f.asked}\` needs ${f.want}, but ${f.place} ${f.is}`,
    help: f.use ? [`use: labels ${f.use}`] : [],
  })),
  CNN4072: entry('error', 'the number of classes differs', (f: { listed: number; found: number; where: string }) => ({
    message: `\`classes\` names ${times(f.listed, 'class', 'classes')}, but ${f.where} has ${f.found}`,
  })),
  CNN4073: entry('error', '`limit` leaves too little', (f: { limit: number; need: number }) => ({
    message: `a limit of ${f.limit} is below ${f.need}: each part needs a picture`,
    help: [`use at least: limit ${f.need}`],
  })),
  CNN4074: entry('warning', 'the pictures lie the other way', (f: { height: number; width: number; share: number; example: string; exampleHeight: number; exampleWidth: number }) => ({
    message: `the program takes ${f.height}x${f.width} (height x width), but ${percent(f.share)} of the pictures are ${f.width > f.height ? 'higher than wide' : 'wider than high'}`,
    label: `e.g. ${f.example} is ${f.exampleHeight}x${f.exampleWidth}`,
    help: [`sizes are height x width: image ${f.width}x${f.height}`],
  })),
  CNN4075: entry('error', 'arrays that cannot be resized', (f: { have: string; want: string }) => ({
    message: `x holds float32 pictures of ${f.have}, but the program takes ${f.want}`,
    help: [`take them as they are: image ${f.have}`, 'or save x as uint8 (0 to 255), which is resized'],
  })),
  CNN4076: entry('error', 'parts with different classes', (f: { part: string; extra: readonly string[]; total: number }) => ({
    message: `the ${partName(f.part)} part has ${f.total === 1 ? `the class ${f.extra[0]}` : `classes (${listed(f.extra, f.total)})`} that train does not have`,
  })),
  CNN4077: entry('error', 'a program without data', (f: { what: string }) => ({
    message: `this program has no data to ${f.what}: \`input\` and \`classes\` only stand in for it`,
    help: ['add a block data with a folder, idx, npz or synthetic'],
  })),
  CNN4078: entry('warning', 'decoded pictures are not kept', (f: { folder: string; reason: string }) => ({
    message: `the decoded pictures could not be kept in ${f.folder}: ${f.reason}`,
    notes: ['they will be decoded again next time'],
    help: ['make room, name another folder by CNNC_CACHE, or use: cache off'],
  })),
  CNN4079: entry('error', 'decoded pictures do not fit', (f: { bytes: number; reason: string; folder: string }) => ({
    message: `the decoded pictures take ${(f.bytes / 2 ** 30).toFixed(1)} GB, too much for memory, and ${f.folder} cannot hold them: ${f.reason}`,
    help: ['make room, name another folder by CNNC_CACHE, use smaller pictures, or a limit'],
  })),
  CNN4080: entry('error', 'the file of decoded pictures vanished', (f: { path: string }) => ({
    message: `the decoded pictures in ${f.path} were changed or removed while they were in use`,
    help: ['run again: they will be decoded anew'],
  })),
  CNN4081: entry('error', 'not two classes', (f: { classes: number }) => ({
    message: `\`labels binary\` needs two classes, but the data has ${f.classes}`,
    help: ['use: labels categorical'],
  })),
  CNN4082: entry('error', 'labels of a folder', (f: { asked: string }) => ({
    message: `the sub-folders of a folder are classes: \`labels ${f.asked}\` cannot come from them`,
    help: ['use: labels categorical', 'or write labels of your own into a table: csv'],
  })),
  CNN4083: entry('error', 'a column is missing', (f: { path: string; option: string; /** null: none of the usual names. */ name: string | null; columns: readonly string[]; near: readonly string[] }) => ({
    message: f.name === null ? `no column of "${f.path}" is known to hold the ${f.option === 'file' ? 'paths' : 'labels'}` : `"${f.path}" has no column ${f.name}`,
    notes: [`its columns: ${listed(f.columns.slice(0, 12), f.columns.length)}`],
    help: f.name === null ? [`name it: ${f.option}="${f.columns[f.option === 'file' ? 0 : f.columns.length - 1]}"`] : lookAlike(f.near),
  })),
  CNN4121: entry('error', 'groups that the data does not name', (f: { group: string; source: string; has: boolean }) => ({
    message: f.has ? `"${f.group}" has no star that says which part of a picture's path is its group` : `the data of \`${f.source}\` has no names or columns that could say which pictures are a group`,
    label: f.has ? 'a star stands for the group' : undefined,
    help: f.has ? ['split group="*_" takes all up to the first _ of the file\'s name', 'split group="*/" takes the folder below the class'] : ['keep groups apart yourself, as a test part of its own, and leave this out'],
  })),
  CNN4122: entry('error', 'groups in order', () => ({
    message: 'groups are chosen by the seed; `by=order` takes the end of the order, whatever its groups',
    help: ['leave one of them out'],
  })),
  CNN4123: entry('error', 'pictures without a group', (f: { group: string; count: number; total: number; example: string }) => ({
    message: f.group.includes('*')
      ? `${f.count === f.total ? `no picture has` : `${pictures(f.count)} of ${f.total.toLocaleString('en-US')} ${f.count === 1 ? 'has' : 'have'} not`} the form "${f.group}" that names ${f.count === f.total ? 'its' : f.count === 1 ? 'its' : 'their'} group`
      : `${pictures(f.count)} of ${f.total.toLocaleString('en-US')} ${f.count === 1 ? 'has' : 'have'} no ${f.group}, so no group`,
    label: `e.g. ${f.example}`,
    help: f.group.includes('*') ? ['stars stand for the group; the form is looked for from the start of the path below the class (in a table: of the path)', 'rename the pictures, or choose another form'] : ['fill the column in; a picture that belongs to no group gets a name of its own'],
  })),
  CNN4124: entry('error', 'no group fits into a part', (f: GroupSizes) => ({
    message: f.groups === 1 ? `all ${pictures(f.smallest)} are one group, so none can go to the ${partName(f.part)} part` : `no group fits into the ${partName(f.part)} part: ${percent(f.fraction)} are ${pictures(f.asked)}, and the smallest of ${times(f.groups, 'group')} has ${f.smallest.toLocaleString('en-US')}`,
    help: f.groups === 1 ? ['choose what tells groups apart, or leave `group=` out'] : f.groups < 3 ? ['a test and a validation part need a group each, beside one to train with: divide the groups further, or ask for fewer parts (fit { validation 0 })'] : [`ask for a larger part, or divide the groups further`],
  })),
  CNN4125: entry('warning', 'groups make a part larger or smaller', (f: GroupSizes) => ({
    message: `the ${partName(f.part)} part has ${pictures(f.count)} instead of ${f.asked.toLocaleString('en-US')}: ${f.groups === 1 ? 'the group moves' : `the ${f.groups.toLocaleString('en-US')} groups move`} as a whole`,
    notes: [`${percent(f.fraction)} were asked for; the smallest group has ${pictures(f.smallest)}`],
    help: ['another split seed may come nearer: split … seed=1'],
  })),
  CNN4126: entry('warning', 'a group in two parts', (f: { part: string; count: number; example: string }) => ({
    message: `${times(f.count, 'group is', 'groups are')} in both the training and the ${partName(f.part)} part that the data brings`,
    label: `e.g. ${f.example}`,
    notes: [`the ${partName(f.part)} result would look better than it is`],
    help: ['move the pictures of each group into one part, or bring no parts and let `split` choose'],
  })),
  CNN4129: entry('error', 'pictures too large to whiten', (f: { image: string; size: number; most: number; side: number; colored: boolean }) => ({
    message: `\`zca_whitening\` needs a matrix of ${f.size.toLocaleString('en-US')} x ${f.size.toLocaleString('en-US')} numbers for pictures of ${f.image}; up to ${f.most.toLocaleString('en-US')} are possible`,
    notes: [`that are pictures of ${f.side}x${f.side} ${f.colored ? 'in colour' : 'in gray'}; the matrix alone would have ${large(f.size ** 2 * 4)}B`],
    help: [`make the pictures smaller: image ${f.side}x${f.side}`, 'or standardise each channel: featurewise_std_normalization'],
  })),
  CNN4084: entry('error', 'a table that cannot be read', (f: { path: string; line: number | null; reason: string; help: string | null }) => ({
    message: `"${f.path}" cannot be read${f.line === null ? '' : ` at line ${f.line}`}: ${f.reason}`,
    help: f.help === null ? [] : [f.help],
  })),
  CNN4085: entry('error', 'pictures of a table are missing', (f: MissingRows) => ({
    message: f.count === f.total ? `none of the ${pictures(f.total)} in "${f.path}" is there` : `${times(f.count, 'picture')} of ${f.total.toLocaleString('en-US')} in "${f.path}" ${f.count === 1 ? 'is' : 'are'} missing`,
    label: rowLabel(f.rows, f.count),
    help: missingHelp(f),
  })),
  CNN4086: entry('warning', 'missing pictures left out', (f: MissingRows) => ({
    message: `${times(f.count, 'picture')} of ${f.total.toLocaleString('en-US')} in "${f.path}" ${f.count === 1 ? 'is' : 'are'} missing and left out`,
    label: rowLabel(f.rows, f.count),
  })),
  CNN4087: entry('error', 'a label that `classes` does not name', (f: { path: string; labels: readonly { readonly label: string; readonly line: number; readonly count: number }[]; total: number; classes: readonly string[]; near: readonly string[] }) => ({
    message: `${f.total === 1 ? `the label ${f.labels[0].label} in "${f.path}" is` : `${f.total} labels in "${f.path}" are`} not among \`classes\``,
    label: `line ${f.labels[0].line}: ${f.labels[0].label}`,
    notes: [`labels: ${listed(f.labels.map(({ label, line, count }) => `${label} (${count === 1 ? `line ${line}` : `${count} rows, first line ${line}`})`), f.total)}`, `classes: ${listed(f.classes.slice(0, 12), f.classes.length)}`],
    help: [...lookAlike(f.near), 'add it to `classes`, or remove its rows'],
  })),
  CNN4088: entry('error', 'a cell that cannot be used', (f: { path: string; column: string; want: string; line: number; cell: string; count: number }) => ({
    message: `line ${f.line} of "${f.path}": ${f.column} is ${f.cell === '' ? 'empty' : JSON.stringify(f.cell)}, but has to be ${f.want}`,
    notes: f.count > 1 ? [`so ${f.count === 2 ? 'is one more row' : `are ${times(f.count - 1, 'more row')}`}`] : [],
    help: /^\d+,\d+$/.test(f.cell) ? [`write ${f.cell.replace(',', '.')}`] : [],
  })),
  CNN4089: entry('warning', 'a picture stands twice in a table', (f: { path: string; count: number; example: Repeated }) => ({
    message: `${times(f.count, 'row')} of "${f.path}" ${f.count === 1 ? 'repeats a picture and is' : 'repeat pictures and are'} left out`,
    label: repeatLabel(f.example),
  })),
  CNN4090: entry('error', 'a picture with two labels', (f: { path: string; count: number; example: Repeated; labels: readonly [string, string] }) => ({
    message: `${times(f.count, 'picture')} in "${f.path}" ${f.count === 1 ? 'has' : 'have'} rows that differ`,
    label: `${repeatLabel(f.example)}: ${f.labels[0]} and ${f.labels[1]}`,
    help: ['keep the row that is right', 'for several labels of one picture write them in one cell: labels multilabel, cat|dog'],
  })),
  CNN4091: entry('error', 'a path that leads out of the folder', (f: { path: string; count: number; rows: readonly TableRow[]; folder: string | null }) => ({
    message: `${times(f.count, 'path')} of "${f.path}" ${f.count === 1 ? 'leads' : 'lead'} out of ${f.folder === null ? "the table's folder" : `"${f.folder}"`}`,
    label: rowLabel(f.rows, f.count),
    help: ['name the folder that holds all pictures: folder="…"'],
  })),
  CNN4092: entry('error', 'no batches of CIFAR', (f: { path: string; python: boolean; inside: readonly string[] }) => ({
    message: f.python ? `"${f.path}" holds the Python version of CIFAR, whose files are programs to Python and are not read` : `"${f.path}" has no binary batches of CIFAR`,
    notes: f.python ? [] : ['CIFAR-10 has data_batch_1.bin to data_batch_5.bin, CIFAR-100 train.bin'],
    help: f.inside.length > 0 ? [`they are in ${f.inside.map((name) => `"${f.path}/${name}"`).join(' and ')}`] : ['take the archive called binary version (cifar-10-binary.tar.gz, cifar-100-binary.tar.gz) and unpack it'],
  })),
  CNN4093: entry('warning', 'nearly the same picture in two parts', (f: { count: number; parts: readonly [string, string]; examples: readonly (readonly [string, string])[]; total: number }) => ({
    message: `${times(f.count, 'picture')} of the ${partName(f.parts[1])} part ${f.count === 1 ? 'is' : 'are'} nearly the same as one of the ${partName(f.parts[0])} part`,
    label: `e.g. ${f.examples[0][0]} (${f.parts[0]}) and ${f.examples[0][1]} (${f.parts[1]})`,
    notes: [...(f.examples.length > 1 ? [listed(f.examples.slice(1).map(([a, b]) => `${a} and ${b}`), f.total - 1)] : []), `the ${partName(f.parts[1])} result would look better than it is`],
    help: ['copies of another size or quality, and shots of one scene, belong into one part: remove all but one, or make the parts yourself (folders train and test, or csv … part=)'],
  })),
  CNN4094: entry('warning', 'a class with few pictures', (f: { classes: readonly { readonly name: string; readonly count: number }[]; total: number; least: number; label: boolean }) => {
    const what = f.label ? 'label' : 'class';
    return {
      message: f.total === 1 ? `the ${what} ${f.classes[0].name} has ${f.classes[0].count === 1 ? 'one picture' : `only ${pictures(f.classes[0].count)}`}` : `${f.total} ${f.label ? 'labels' : 'classes'} have fewer than ${f.least} pictures`,
      label: listed(f.classes.map((c) => `${c.name}: ${c.count}`), f.total),
      notes: [`the parts share them: what is learnt and measured of ${f.total === 1 ? `this ${what}` : `these ${f.label ? 'labels' : 'classes'}`} is chance`],
      help: ['add pictures, or leave it out'],
    };
  }),
  CNN4095: entry('warning', 'classes out of proportion', (f: { most: Counted; least: Counted; share: number }) => ({
    message: `the class ${f.most.name} has ${Math.floor(f.most.count / f.least.count)} times as many pictures as ${f.least.name}`,
    label: `${f.most.name}: ${f.most.count.toLocaleString('en-US')}, ${f.least.name}: ${f.least.count.toLocaleString('en-US')}`,
    notes: [`always answering ${f.most.name} would be right for ${percent(f.share)} of them`],
    help: ['weigh the classes in the loss: fit { class_weight balanced }'],
  })),
  CNN4096: entry('warning', 'batch larger than the training part', (f: { batch: number; pictures: number }) => ({
    message: `a batch of ${f.batch.toLocaleString('en-US')} is larger than the training part, which has ${pictures(f.pictures)}`,
    notes: ['each epoch is one step, so learning takes many epochs'],
    help: [`use a smaller batch: fit { batch ${Math.max(1, 2 ** Math.floor(Math.log2(Math.max(1, f.pictures / 8))))} }`],
  })),
  CNN4097: entry('warning', 'pictures of other proportions', (f: Unsuited) => ({
    message: `${percent(f.share)} of the pictures are stretched more than twofold to fit ${f.height}x${f.width}`,
    label: `e.g. ${f.example} is ${f.exampleHeight}x${f.exampleWidth}`,
    notes: ['sizes are height x width'],
    help: [`keep their proportions: image ${f.height}x${f.width} resize=crop, or resize=pad`],
  })),
  CNN4098: entry('warning', 'pictures enlarged', (f: Unsuited) => ({
    message: `${percent(f.share)} of the pictures are less than half as large as ${f.height}x${f.width}, and are enlarged`,
    label: `e.g. ${f.example} is ${f.exampleHeight}x${f.exampleWidth}`,
    notes: ['enlarged pictures say no more, and take as long as large ones'],
    help: [`take them smaller: image ${f.exampleHeight}x${f.exampleWidth}`],
  })),
  CNN4099: entry('warning', 'colours of numbers that are no pixels', (f: { word: string }) => ({
    message: `${f.word} works on pixels of 0 to 255, but the data gives decimals, which it takes as they are`,
    label: 'cuts off what is below 0 and above 255',
    help: [`save the pictures as uint8, or leave ${f.word} out`],
  })),
};

interface Counted {
  readonly name: string;
  readonly count: number;
}

interface Unsuited {
  readonly height: number;
  readonly width: number;
  readonly share: number;
  readonly count: number;
  readonly example: string;
  readonly exampleHeight: number;
  readonly exampleWidth: number;
}

interface TableRow {
  readonly line: number;
  readonly name: string;
}

interface Repeated {
  readonly picture: string;
  readonly lines: readonly [number, number];
}

interface MissingRows {
  readonly path: string;
  readonly count: number;
  readonly total: number;
  readonly rows: readonly TableRow[];
  /** What the files' names have and the table's have not: `.jpg`. */
  readonly ending: string | null;
  readonly near: readonly string[];
  readonly folder: string | null;
}

const rowLabel = (rows: readonly TableRow[], count: number): string => listed(rows.map(({ line, name }) => `line ${line}: ${name === '' ? 'no path' : name}`), count);
const repeatLabel = ({ picture, lines: [a, b] }: Repeated): string => `${picture} stands in lines ${a} and ${b}`;

function missingHelp({ ending, near, count, total, folder }: MissingRows): readonly string[] {
  if (ending !== null) return [`the files end in ${ending}: ending="${ending}"`];
  if (near.length > 0) return lookAlike(near);
  return [count === total ? `paths are relative to ${folder === null ? "the table's folder" : `"${folder}"`}: folder="…" names another` : 'bring them, remove their rows, or leave them out: on_corrupt skip'];
}
const partName = (part: string): string => (part === 'train' ? 'training' : part);
const percent = (fraction: number): string => `${Math.round(fraction * 1000) / 10} %`;

function corruptNotes(files: readonly { readonly path: string; readonly reason: string }[], count: number): readonly string[] {
  const lines = files.map((file) => `${file.path}: ${file.reason}`);
  return [count > files.length ? [...lines, `and ${count - files.length} more`].join('\n') : lines.join('\n')];
}
