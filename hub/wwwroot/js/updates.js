// Shows how far an upload is; and keeps what was opened, and the keyboard's place, when the part that changes is exchanged.
const opened = new Map();
let focused = null;

function controls() {
  return [...document.querySelectorAll('#board a, #board button, #board summary')];
}

document.addEventListener('toggle', event => {
  if (event.target.matches('.stage-devices')) {
    opened.set(event.target.id, event.target.open);
  }
}, true);

document.body.addEventListener('htmx:beforeSwap', event => {
  if (event.detail.xhr.status >= 300) {
    event.detail.shouldSwap = false;
  }
  const active = document.activeElement?.closest('#board') ? document.activeElement : null;
  const alike = active && controls().filter(control => control.textContent === active.textContent);
  focused = active && { text: active.textContent, place: alike.indexOf(active) };
});

document.body.addEventListener('htmx:afterSwap', () => {
  for (const [id, open] of opened) {
    document.getElementById(id)?.toggleAttribute('open', open);
  }
  if (focused) {
    controls().filter(control => control.textContent === focused.text)[focused.place]?.focus({ preventScroll: true });
  }
});

const form = document.querySelector('[data-upload]');
form?.addEventListener('submit', event => {
  event.preventDefault();
  const box = form.querySelector('.upload-progress'), bar = box.querySelector('progress'), said = box.querySelector('p'), button = form.querySelector('button');
  box.hidden = false;
  if (form.elements.package.files[0].size > Number(form.dataset.most)) {
    said.textContent = form.dataset.large;
    return;
  }
  button.disabled = true;
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.upload.addEventListener('progress', step => {
    bar.value = 100 * step.loaded / step.total;
    said.textContent = form.dataset.busy.replace('{0}', Math.floor(bar.value));
  });
  request.addEventListener('load', () => {
    if (request.status < 300) {
      location.assign(request.responseURL);
    } else {
      lost();
    }
  });
  request.addEventListener('error', lost);
  request.send(new FormData(form));

  function lost() {
    button.disabled = false;
    said.textContent = form.dataset.lost;
  }
});
