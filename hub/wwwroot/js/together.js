// One tick for all.
document.addEventListener('change', event => {
  const all = event.target.closest('[data-tick-all]');
  if (all) {
    for (const box of document.querySelectorAll(`input[type=checkbox][name="${all.dataset.tickAll}"]`)) {
      box.checked = all.checked;
    }
  }
});
