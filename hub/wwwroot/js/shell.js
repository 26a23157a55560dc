// The frame of every page: hub clock, theme switch, menus, confirmations, copy buttons.

for (const time of document.querySelectorAll('[data-clock]')) {
  const offset = Date.parse(time.dataset.now) - Date.now();
  const format = new Intl.DateTimeFormat('zh-CN', { timeZone: time.dataset.zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  setInterval(() => (time.textContent = format.format(new Date(Date.now() + offset))), 1000);
}

for (const button of document.querySelectorAll('[data-theme-toggle]')) {
  const order = ['auto', 'light', 'dark'];
  const icons = { auto: 'sun-moon', light: 'sun', dark: 'moon' };
  const show = () => {
    const now = localStorage.getItem('theme') ?? 'auto';
    const use = button.querySelector('use');
    use.setAttribute('href', `${use.getAttribute('href').split('#')[0]}#${icons[now]}`);
    button.title = button.dataset[now];
    button.setAttribute('aria-label', button.dataset[now]);
  };
  button.addEventListener('click', () => {
    const next = order[(order.indexOf(localStorage.getItem('theme') ?? 'auto') + 1) % order.length];
    if (next === 'auto') {
      localStorage.removeItem('theme');
    } else {
      localStorage.setItem('theme', next);
    }
    window.applyTheme();
    show();
  });
  show();
}

document.addEventListener('click', event => {
  document.querySelectorAll('details[data-menu][open]').forEach(menu => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
  const opener = event.target.closest('[data-dialog]');
  if (opener) {
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  if (event.target.closest('[data-close-dialog]')) {
    event.target.closest('dialog')?.close();
  }
  if (event.target.closest('[data-print]')) {
    window.print();
  }
  const copier = event.target.closest('[data-copy]');
  if (copier) {
    navigator.clipboard?.writeText(copier.dataset.copy).then(() => (copier.querySelector('span').textContent = copier.dataset.copied));
  }
});

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    document.querySelectorAll('details[data-menu][open]').forEach(menu => {
      menu.open = false;
      menu.querySelector('summary').focus();
    });
  }
});

document.addEventListener('change', event => {
  if (event.target.matches('[data-submit-on-change]')) {
    event.target.form.requestSubmit();
  }
});

for (const dialog of document.querySelectorAll('dialog.is-asked-again')) {
  dialog.showModal();
}
