// The real program on a free port with an empty data folder, for as long as it is used.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const START_LIMIT_MS = 60_000;

export interface Server {
  url: string;
  stop(): Promise<void>;
}

export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'driftline-e2e-'));
  const port = await freePort();
  const said: string[] = [];
  const process_ = spawn(join(ROOT, '.venv/bin/driftline'), ['serve'], {
    cwd: folder,
    env: {
      ...process.env,
      DRIFTLINE_DATA_DIR: join(folder, 'data'),
      DRIFTLINE_HOST: '127.0.0.1',
      DRIFTLINE_PORT: String(port),
      DRIFTLINE_BCRYPT_COST: '4', // the tests sign in a lot; how slow a hash is, is not their question
      DRIFTLINE_REGISTRATIONS_PER_ADDRESS: '1000',
      DRIFTLINE_LOGIN_ATTEMPTS_PER_ADDRESS: '1000',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process_.stdout.on('data', (text) => said.push(String(text)));
  process_.stderr.on('data', (text) => said.push(String(text)));
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(process_, url);
  } catch (error) {
    await end(process_, folder);
    throw new Error(`driftline serve did not start: ${error}\n${said.join('')}`);
  }
  return { url, stop: () => end(process_, folder) };
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`it ended with exit code ${server.exitCode}`);
    const answer = await fetch(`${url}/api/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`not ready after ${START_LIMIT_MS / 1000} s`);
}

async function end(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const gone = once(server, 'exit');
    server.kill('SIGTERM');
    const patience = setTimeout(() => server.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(patience);
  }
  await rm(folder, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = socket.address();
  socket.close();
  await once(socket, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
