// The real program on a free port with an empty data folder, for as long as it is used.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const START_LIMIT_MS = 180_000; // a second on a quiet machine; a busy one is no failure
const PATIENCE_MS = 10_000; // for the requests in hand when asked to end

export interface Server {
  url: string;
  /** The bucket's own address, where browsers upload straight to it; none in the embedded profile. */
  store?: string;
  stop(): Promise<void>;
}

/** One of our own, so it can be lost and started again. */
export interface MortalServer extends Server {
  /** Lose it at once, with all its processes: kill -9. The stores of the cloud profile stay. */
  kill(): Promise<void>;
  /** Start it again at the same address with the same data. */
  start(): Promise<void>;
}

/** The embedded profile: `driftline serve`, and nothing else. */
export async function startEmbedded(settings: Record<string, string> = {}): Promise<MortalServer> {
  const folder = await mkdtemp(join(tmpdir(), 'driftline-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let running: Program | undefined;
  const server: MortalServer = {
    url,
    async start() {
      running = new Program([join(ROOT, '.venv/bin/driftline'), 'serve'], folder, {
        DRIFTLINE_DATA_DIR: join(folder, 'data'),
        DRIFTLINE_HOST: '127.0.0.1',
        DRIFTLINE_PORT: String(port),
        DRIFTLINE_BCRYPT_COST: '4', // the tests sign in a lot; how slow a hash is, is not their question
        DRIFTLINE_REGISTRATIONS_PER_ADDRESS: '1000',
        DRIFTLINE_LOGIN_ATTEMPTS_PER_ADDRESS: '1000',
        ...settings,
      });
      await running.until(async () => (await fetch(`${url}/api/health/ready`)).ok);
    },
    async kill() {
      await running?.end('SIGKILL');
    },
    async stop() {
      await running?.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/**
 * The cloud profile: real stores, two API processes and a worker (tests/support/cloud_stack.py); or, where
 * DRIFTLINE_E2E_URL names one, a deployment that runs already.
 */
export async function startCloud(): Promise<Server> {
  const url = process.env.DRIFTLINE_E2E_URL;
  return url ? { url, stop: async () => {} } : startCloudStack();
}

export async function startCloudStack(): Promise<MortalServer> {
  const stack = new Program([join(ROOT, '.venv/bin/python'), '-m', 'tests.support.cloud_stack'], ROOT);
  await stack.until(async () => stack.saidJson() !== undefined);
  return {
    ...(stack.saidJson() as { url: string; store: string }),
    kill: () => stack.told('kill'),
    start: () => stack.told('start'),
    stop: () => stack.end(),
  };
}

class Program {
  private readonly process: ChildProcess;
  private out = '';
  private errors = '';

  constructor([program = '', ...rest]: string[], cwd: string, variables: Record<string, string> = {}) {
    // Standard input stays open as long as we live: the stack ends with it.
    this.process = spawn(program, rest, { cwd, env: { ...process.env, ...variables }, stdio: 'pipe' });
    this.process.stdout?.on('data', (text) => {
      this.out += text;
    });
    this.process.stderr?.on('data', (text) => {
      this.errors += text;
    });
  }

  saidJson(): unknown {
    const line = this.out.split('\n').find((text) => text.startsWith('{'));
    return line && this.out.includes(`${line}\n`) ? JSON.parse(line) : undefined;
  }

  async until(holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (Date.now() < deadline) {
      if (this.ended) break;
      if (await holds().catch(() => false)) return;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    const why = this.ended
      ? `ended with ${this.process.exitCode}`
      : `not ready in ${START_LIMIT_MS / 1000} s`;
    await this.end('SIGKILL');
    throw new Error(`${this.process.spawnargs.join(' ')}: ${why}\n${this.out}${this.errors}`);
  }

  /** Writes a line, and waits until it is answered. */
  async told(what: string): Promise<void> {
    const answered = () => this.out.split('\n').filter((line) => line === 'done').length;
    const before = answered();
    this.process.stdin?.write(`${what}\n`);
    await this.until(async () => answered() > before);
  }

  /** Without a signal it is only told, by the end of its standard input. */
  async end(how?: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.ended) return;
    const gone = once(this.process, 'exit');
    this.process.stdin?.end();
    if (how) this.process.kill(how);
    const patience = setTimeout(() => this.process.kill('SIGKILL'), PATIENCE_MS);
    await gone;
    clearTimeout(patience);
  }

  private get ended(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }
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
