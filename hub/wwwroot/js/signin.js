// Shows the password on request and fills in a demo account.

document.querySelector('[data-reveal]').addEventListener('change', event => {
  document.getElementById(event.target.dataset.reveal).type = event.target.checked ? 'text' : 'password';
});

for (const button of document.querySelectorAll('[data-fill-user]')) {
  button.addEventListener('click', () => {
    document.getElementById('user').value = button.dataset.fillUser;
    document.getElementById('password').value = button.dataset.fillPassword;
    document.querySelector('.signin-form [type=submit]').focus();
  });
}
