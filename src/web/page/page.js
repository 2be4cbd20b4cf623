// The page's behaviour: a picture comes from the camera, a drop, a paste or a file; the server answers with classes.
const $ = (id) => document.getElementById(id);
const stage = $('stage'), video = $('video'), picture = $('picture'), hint = $('hint'), status = $('status'), results = $('results');
const camera = $('camera'), close = $('close'), file = $('file');
let stream = null;
let shown = null;
// Answers that come after a newer picture was sent are not shown.
let newest = 0;

const say = (text, wrong = false) => {
  if (status.textContent !== text) status.textContent = text;
  status.classList.toggle('wrong', wrong);
};
const state = (name) => { stage.dataset.state = name; };

// Values of a regression are shown as they are; everything else is a share.
let values = false;
const percent = (p) => (p >= .9995 ? '100 %' : p < .001 ? '< 0.1 %' : `${(p * 100).toFixed(1)} %`);

function show(top) {
  results.replaceChildren(...top.map(({ class: name, probability }) => {
    const item = document.createElement('li');
    const label = document.createElement('span');
    label.className = 'class';
    label.textContent = name;
    const value = document.createElement('span');
    value.textContent = values ? Number(probability.toPrecision(6)) : percent(probability);
    const track = document.createElement('div');
    track.className = 'track';
    const fill = document.createElement('div');
    fill.className = 'fill';
    fill.style.width = `${probability * 100}%`;
    track.append(fill);
    item.append(label, value, ...(values ? [] : [track]));
    return item;
  }));
}

/** Sends encoded bytes; true when the answer came, null when it came too late. */
async function classify(blob) {
  const mine = ++newest;
  try {
    const answer = await fetch('api/predict', { method: 'POST', body: blob, headers: { 'Content-Type': blob.type || 'application/octet-stream' } });
    const body = await answer.json();
    if (mine !== newest) return null;
    if (!answer.ok) { say(body.error ?? 'The picture could not be read.', true); results.replaceChildren(); return false; }
    show(body.top);
    say('');
    return true;
  } catch {
    say('The server does not answer. Is “cnnc serve” still running?', true);
    return false;
  }
}

async function useFile(blob) {
  stopCamera();
  if (!blob) return;
  if (shown) URL.revokeObjectURL(shown);
  shown = URL.createObjectURL(blob);
  picture.src = shown;
  picture.hidden = false;
  hint.hidden = true;
  state('loading');
  say('Looking …');
  const answered = await classify(blob);
  if (answered !== null) state(answered ? 'done' : 'error');
}

function stopCamera() {
  if (!stream) return;
  for (const track of stream.getTracks()) track.stop();
  stream = null;
  video.srcObject = null;
  video.hidden = true;
  close.hidden = true;
  camera.disabled = false;
  hint.hidden = !picture.hidden;
  state(picture.hidden ? 'empty' : 'done');
}

async function startCamera() {
  camera.disabled = true;
  say('Waiting for the camera …');
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
  } catch (error) {
    camera.disabled = false;
    say(error.name === 'NotAllowedError' ? 'The camera was not allowed. Allow it in the address bar, or choose a picture.' : 'There is no camera here. Drop or choose a picture instead.', true);
    return;
  }
  video.srcObject = stream;
  await video.play();
  video.hidden = false;
  picture.hidden = true;
  hint.hidden = true;
  close.hidden = false;
  state('camera');
  say('');
  close.focus();
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  while (stream) {
    const scale = Math.min(1, 640 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
    canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', .92));
    if (!stream) break;
    const answered = blob && (await classify(blob));
    await new Promise((done) => setTimeout(done, answered ? 150 : 1500));
  }
}

camera.addEventListener('click', startCamera);
close.addEventListener('click', () => { stopCamera(); camera.focus(); });
file.addEventListener('change', () => { useFile(file.files[0]); file.value = ''; });
addEventListener('paste', (event) => {
  const item = [...(event.clipboardData?.files ?? [])].find((f) => f.type.startsWith('image/'));
  if (item) useFile(item);
});
addEventListener('dragover', (event) => { event.preventDefault(); stage.classList.add('over'); });
addEventListener('dragleave', (event) => { if (!event.relatedTarget) stage.classList.remove('over'); });
addEventListener('drop', (event) => {
  event.preventDefault();
  stage.classList.remove('over');
  const dropped = event.dataTransfer.files[0];
  if (dropped) useFile(dropped);
  else say('That is not a picture.', true);
});
addEventListener('keydown', (event) => { if (event.key === 'Escape' && stream) { stopCamera(); camera.focus(); } });

try {
  const model = await (await fetch('api/model')).json();
  $('name').textContent = model.name;
  document.title = model.name;
  values = model.labels === 'values';
  const [height, width] = model.input;
  $('about').textContent = `${model.classes.length} ${values ? 'values' : 'classes'}, ${height}x${width}`;
} catch {
  say('The server does not answer. Is “cnnc serve” still running?', true);
}
