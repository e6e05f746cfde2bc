// Node's HTTP server (llhttp, strict) as a second opinion on bytes: what it would have executed of each connection.
//
// Prints `reads PORT, tells PORT`. A connection to the first port is read as HTTP; afterwards `GET /PORT` on the second,
// PORT being the client's own of that connection, gives the requests that were whole: [{method, target, body}], target and
// body in hexadecimal.
import http from 'node:http';

const executed = new Map();

const reader = http.createServer({insecureHTTPParser: false, requireHostHeader: true}, (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    executed.get(request.socket.remotePort).push({
      method: request.method,
      target: Buffer.from(request.url, 'latin1').toString('hex'),
      body: Buffer.concat(chunks).toString('hex'),
    });
    response.end();
  });
  request.on('error', () => {});
});
reader.on('connection', (socket) => executed.set(socket.remotePort, []));
reader.on('clientError', (_, socket) => socket.destroy());

const teller = http.createServer((request, response) => {
  const port = Number(request.url.slice(1));
  response.end(JSON.stringify(executed.get(port) ?? []));
  executed.delete(port);
});
teller.keepAliveTimeout = 0;

reader.listen(0, '127.0.0.1', () => teller.listen(0, '127.0.0.1', () =>
  console.log(`reads ${reader.address().port}, tells ${teller.address().port}`)));
