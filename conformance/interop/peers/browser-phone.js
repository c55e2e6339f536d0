// A telephone in a page: registers with digest, asks the server for OPTIONS and answers one MESSAGE. It tells its test
// what happened, one line after the other. Settings come in the address of the page: server, user, password, domain.

const { server, user, password, domain } = Object.fromEntries(new URLSearchParams(location.search));
const socket = new WebSocket(server, 'sip');
const address = `sip:${user}@${domain}`;
const tag = crypto.randomUUID();
const callId = crypto.randomUUID();
let told = Promise.resolve();
let cseq = 0;

socket.onopen = () => {
  tell(`open ${socket.protocol}`);
  ASKS.REGISTER();
};
socket.onclose = ({ code }) => tell(`closed ${code}`);
socket.onmessage = async ({ data }) => {
  const message = parse(data);
  if (message.start.startsWith('SIP/2.0 ')) await onResponse(message);
  else onRequest(message);
};

function tell(line) {
  told = told.then(() => fetch('/told', { method: 'POST', body: line }));
}

async function onResponse({ start, values }) {
  const [, status] = start.split(' ');
  const method = values('CSeq')[0].split(' ')[1];
  tell(`${method} ${status}`);
  const asks = ASKS[method];
  if (status === '401') asks(`Authorization: ${await answerTo(values('WWW-Authenticate')[0], method)}`);
  else if (status === '407') asks(`Proxy-Authorization: ${await answerTo(values('Proxy-Authenticate')[0], method)}`);
  else if (method === 'REGISTER' && status === '200') ASKS.OPTIONS();
}

function onRequest({ start, values, body }) {
  const lines = [
    'SIP/2.0 200 OK',
    ...values('Via').map((via) => `Via: ${via}`),
    `From: ${values('From')[0]}`,
    `To: ${values('To')[0]};tag=${tag}`,
    `Call-ID: ${values('Call-ID')[0]}`,
    `CSeq: ${values('CSeq')[0]}`,
    'Content-Length: 0',
  ];
  socket.send(`${lines.join('\r\n')}\r\n\r\n`);
  tell(`${start.split(' ')[0]} ${body.trim()}`);
}

function send(method, to, ...more) {
  const uri = `sip:${domain}`;
  cseq += 1;
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/WSS ${INVALID};branch=z9hG4bK${crypto.randomUUID()}`,
    'Max-Forwards: 70',
    `From: <${address}>;tag=${tag}`,
    `To: <${to}>`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    ...more,
    'Content-Length: 0',
  ];
  socket.send(`${lines.join('\r\n')}\r\n\r\n`);
}

/** The answer to a challenge with SHA-256 and qop=auth (RFC 7616 §3.4). */
async function answerTo(challenge, method) {
  const asked = (name) => new RegExp(`\\b${name}="?([^",]*)`).exec(challenge)?.[1];
  const [realm, nonce, algorithm] = [asked('realm'), asked('nonce'), asked('algorithm')];
  if (algorithm !== 'SHA-256') throw new Error(`not a challenge for this page: ${challenge}`);
  const [cnonce, nc, uri] = [crypto.randomUUID(), '00000001', `sip:${domain}`];
  const secret = await sha256(`${user}:${realm}:${password}`);
  const what = await sha256(`${method}:${uri}`);
  const response = await sha256(`${secret}:${nonce}:${nc}:${cnonce}:auth:${what}`);
  return (
    `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", algorithm=SHA-256, qop=auth, nc=${nc}, cnonce="${cnonce}"`
  );
}

async function sha256(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function parse(text) {
  const [head, body] = text.split('\r\n\r\n');
  const [start, ...lines] = head.split('\r\n');
  const values = (name) =>
    lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  return { start, values, body };
}

// Nobody can connect to a page, which says so by a name that there cannot be (RFC 7118 §5).
const INVALID = 'page.invalid';
const CONTACT = `Contact: <sip:${user}@${INVALID};transport=ws>`;
const ASKS = {
  REGISTER: (...lines) => send('REGISTER', address, CONTACT, 'Expires: 300', ...lines),
  OPTIONS: (...lines) => send('OPTIONS', `sip:${domain}`, ...lines),
};
