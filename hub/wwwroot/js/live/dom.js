// Small helpers for building elements. Text always goes in as text, never as markup.
import { config } from './text.js';

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; `on…` keys are listeners, null and false leave an attribute away. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

/** An icon of the sprite; it says nothing to screen readers, the words beside it do. */
export function icon(name, extra = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `icon ${extra}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${config.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** Changes an existing icon, leaving the element in place. */
export function setIcon(holder, name) {
  const use = holder.querySelector('use');
  const href = `${config.icons}#${name}`;
  if (use && use.getAttribute('href') !== href) {
    use.setAttribute('href', href);
  }
}

export function setText(element, text) {
  if (element && element.textContent !== text) {
    element.textContent = text;
  }
}

export function show(element, visible) {
  if (element && element.hidden === visible) {
    element.hidden = !visible;
  }
}

export const byId = id => document.getElementById(id);
