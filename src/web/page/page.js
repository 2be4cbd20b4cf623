// The page's behaviour: a picture comes from the camera, a drop, a paste or a file; the server answers with classes, labels or values.
const $ = (id) => document.getElementById(id);
const stage = $('stage'), video = $('video'), picture = $('picture'), hint = $('hint'), status = $('status'), results = $('results'), answer = $('answer');
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

let kind = 'categorical';
let threshold = null;
const percent = (p) => (p >= .9995 ? '100 %' : p < .001 ? '< 0.1 %' : `${(p * 100).toFixed(1)} %`);
const number = (n) => (n === null ? 'not a number' : String(Number(n.toPrecision(5))));

function element(tag, className, text = '') {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** A name, its number, and for shares a bar; of labels a mark stands where a yes begins. */
function row(name, text, share, chosen) {
  const item = document.createElement('li');
  item.classList.toggle('chosen', chosen);
  item.append(element('span', 'class', name), element('span', 'number', text));
  if (share === null) return item;
  const track = element('div', 'track');
  const fill = element('div', 'fill');
  fill.style.width = `${share * 100}%`;
  track.append(fill);
  if (kind === 'multilabel' && threshold !== null) {
    const mark = element('div', 'mark');
    mark.style.left = `${threshold * 100}%`;
    track.append(mark);
  }
  item.append(track);
  return item;
}

function show({ top = [], labels = null, values = null }) {
  const rows = values
    ? values.map(({ name, value }) => row(name, number(value), null, true))
    : top.map(({ class: name, probability }, i) => row(name, percent(probability), probability, labels ? labels.includes(name) : i === 0));
  results.replaceChildren(...rows);
  answer.textContent = !labels ? '' : labels.length > 0 ? labels.join(', ') : 'None of the labels';
  answer.hidden = !labels;
}

/** Sends encoded bytes; true when the answer came, null when it came too late. */
async function classify(blob) {
  const mine = ++newest;
  try {
    const response = await fetch('api/predict', { method: 'POST', body: blob, headers: { 'Content-Type': blob.type || 'application/octet-stream' } });
    const body = await response.json();
    if (mine !== newest) return null;
    if (!response.ok) { say(body.error ?? 'The picture could not be read.', true); results.replaceChildren(); answer.hidden = true; return false; }
    show(body);
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
  ({ labels: kind, threshold = null } = model);
  const [one, many, called] = { values: ['value', 'values', 'Values'], multilabel: ['label', 'labels', 'Labels, the most probable first'] }[kind] ?? ['class', 'classes', 'Most likely classes'];
  results.setAttribute('aria-label', called);
  const [height, width] = model.input;
  $('about').textContent = `${model.classes.length} ${model.classes.length === 1 ? one : many}, ${height}x${width}`;
} catch {
  say('The server does not answer. Is “cnnc serve” still running?', true);
}
