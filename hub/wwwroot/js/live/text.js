// The page's strings and settings, handed over by the server in JSON blocks.

function block(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : {};
}

const strings = block('live-text');

/** What the server tells this page: lessonId, hubPath, recordUrl, icons, timeZone, culture. */
export const config = Object.freeze(block('live-config'));

/** The string of a key with {0}, {1} … filled in, {0:lesson|lessons} by the number; the key itself when it is missing, so that a gap is seen. */
export function t(key, ...values) {
  const text = strings[key] ?? key;
  return text.replace(/\{(\d+)(?::([^|}]*)\|([^}]*))?\}/g, (hole, index, one, other) =>
    other === undefined ? values[index] ?? hole : String(values[index]) === '1' ? one : other);
}
