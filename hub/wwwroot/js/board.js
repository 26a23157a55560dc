// Asks for the board anew whenever the hub says that it changed. Which board that is stands in its data attributes.
const board = document.getElementById('board');
const hub = new signalR.HubConnectionBuilder()
  .withUrl(board.dataset.hub)
  .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => 500 + Math.random() * 1500 })
  .configureLogging(signalR.LogLevel.None)
  .build();
const { watch = 'WatchBoard', changed = 'BoardChanged' } = board.dataset;
let waiting = null;

// Several changes in a row make one request.
function refresh() {
  waiting ??= setTimeout(() => {
    waiting = null;
    htmx.trigger(board, 'board-changed');
  }, 300);
}

async function open() {
  for (;;) {
    try {
      await hub.start();
      await hub.invoke(watch);
      return;
    } catch {
      await new Promise(resolve => setTimeout(resolve, 2000 + Math.random() * 2000));
    }
  }
}

hub.on(changed, refresh);
hub.onreconnected(async () => {
  await hub.invoke(watch).catch(() => {});
  refresh();
});
hub.onclose(open);
open();
