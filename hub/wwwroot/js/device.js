// Charts of a device's readings. Colours come from the page's own tokens; the data from the hub, in the county's time.
const charts = document.getElementById('charts');
const none = document.querySelector('.charts-none');
const buttons = [...document.querySelectorAll('.range button')];
const drawn = [...charts.querySelectorAll('figure')].map(figure => {
  const place = figure.querySelector('.chart');
  return { figure, lines: figure.dataset.lines.split(','), names: place.dataset.names.split(','), chart: echarts.init(place, null, { renderer: 'canvas' }) };
});
let hours = 24;
let last = null;

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function label(time, long) {
  const parts = { timeZone: charts.dataset.zone, hour12: false };
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { ...parts, month: 'numeric', day: 'numeric' }).format(time);
  const clock = new Intl.DateTimeFormat('en-GB', { ...parts, hour: '2-digit', minute: '2-digit' }).format(time);
  return long ? `${day} ${clock}` : hours > 48 ? day : clock;
}

function optionOf({ figure, lines, names }, readings) {
  const { unit, max } = figure.dataset;
  const tones = [color('--brand'), color('--info')];
  return {
    animation: false,
    color: tones,
    grid: { left: 44, right: 22, top: lines.length > 1 ? 28 : 12, bottom: 24 },
    legend: lines.length > 1 ? { top: 0, right: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 4, textStyle: { color: color('--ink-2'), fontSize: 12 } } : undefined,
    tooltip: {
      trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: color('--paper'), borderColor: color('--line'), textStyle: { color: color('--ink'), fontSize: 12 },
      formatter: points => [label(points[0].value[0], true), ...points.map(p => `${p.seriesName} ${p.value[1] ?? '–'} ${unit}`)].join('\n'),
    },
    xAxis: {
      type: 'time', min: Date.now() - hours * 3600000, max: Date.now(), splitNumber: 4,
      axisLabel: { color: color('--ink-2'), fontSize: 11, hideOverlap: true, showMaxLabel: false, formatter: time => label(time, false) },
      axisLine: { lineStyle: { color: color('--line-strong') } }, axisTick: { show: false },
    },
    yAxis: {
      type: 'value', min: max || unit === 'ms' ? 0 : value => Math.max(0, Math.floor((value.min - 5) / 10) * 10), max: max ? Number(max) : undefined, interval: max ? Number(max) / 4 : undefined, splitNumber: 3,
      axisLabel: { color: color('--ink-2'), fontSize: 11, formatter: `{value}${unit === '%' || unit === '\u2103' ? unit : ''}` }, splitLine: { lineStyle: { color: color('--line') } },
    },
    series: lines.map((line, i) => ({
      type: 'line', name: names[i], showSymbol: readings.times.length < 3, sampling: 'lttb', lineStyle: { width: 1.75 }, areaStyle: i === 0 ? { opacity: 0.08 } : undefined,
      data: readings.times.map((time, n) => [time, readings[line][n]]),
    })),
    aria: { enabled: true },
  };
}

function draw() {
  none.hidden = last.times.length > 0;
  charts.hidden = last.times.length === 0;
  for (const one of drawn) {
    one.chart.resize();
    one.chart.setOption(optionOf(one, last), true);
  }
}

async function load() {
  const asked = hours;
  const answer = await fetch(`${charts.dataset.from}&hours=${asked}`).catch(() => null);
  if (answer?.ok && asked === hours) {
    last = await answer.json();
    draw();
  }
}

for (const button of buttons) {
  button.addEventListener('click', () => {
    hours = Number(button.dataset.hours);
    buttons.forEach(b => b.setAttribute('aria-pressed', String(b === button)));
    load();
  });
}
addEventListener('resize', () => drawn.forEach(d => d.chart.resize()));
new MutationObserver(() => last && draw()).observe(document.documentElement, { attributeFilter: ['data-bs-theme'] });
setInterval(load, 60000);
load();
