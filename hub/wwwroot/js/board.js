// Asks for the board anew whenever the hub says that it changed.
const board = document.getElementById('board');
const hub = new signalR.HubConnectionBuilder()
  .withUrl(board.dataset.hub)
  .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => 500 + Math.random() * 1500 })
  .configureLogging(signalR.LogLevel.None)
  .build();
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
      await hub.invoke('WatchBoard');
      return;
    } catch {
      await new Promise(resolve => setTimeout(resolve, 2000 + Math.random() * 2000));
    }
  }
}

hub.on('BoardChanged', refresh);
hub.onreconnected(async () => {
  await hub.invoke('WatchBoard').catch(() => {});
  refresh();
});
hub.onclose(open);
open();
