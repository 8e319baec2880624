import { join } from 'node:path'
import { systemDisk } from '@exprsn/core/disk'
import {
  freePort,
  makeServerFolder,
  serverFolderPath,
  startServerProcess,
  startWatchdog,
  type ServerExit,
} from '@exprsn/backup/server'
import { untilReady, type TemporaryServer } from './temporary-server.ts'

/** Options of {@link startRedis}. */
export interface StartRedisOptions {
  /** Path of `redis-check-rdb`, from `requireOracle(context, 'redis')`. */
  readonly program: string
  /** @default 'socket' */
  readonly listen?: 'socket' | 'tcp' | undefined
  /** Directives of redis.conf: `{ appendonly: 'yes' }`. @default no persistence */
  readonly settings?: Readonly<Record<string, string>> | undefined
}

/** How to connect: the fields that `ioredis` and others take. */
export type RedisConnection = { readonly path: string } | { readonly host: string; readonly port: number }

/** A running Redis server, which does not outlive this process. */
export interface RedisServer extends TemporaryServer {
  readonly connection: RedisConnection
  /** The folder that its dump and append-only files are written to. */
  readonly dataFolder: string
  readonly exited: Promise<ServerExit>
  log(): readonly string[]
  kill(signal: NodeJS.Signals): boolean
}

/** Starts Redis. On Debian `redis-check-rdb` is the server's own binary: called `redis-server`, it is the server. */
export async function startRedis({
  program,
  listen = 'socket',
  settings = {},
}: StartRedisOptions): Promise<RedisServer> {
  const folder = serverFolderPath('redis')
  const watchdog = startWatchdog([folder])
  const port = listen === 'tcp' ? await freePort() : 0
  const socket = join(folder, 'redis.sock')
  await makeServerFolder(systemDisk, folder, undefined)
  const directives = {
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    daemonize: 'no',
    logfile: '',
    ...settings,
    port: String(port),
    dir: folder,
    unixsocket: socket,
    unixsocketperm: '700',
  }
  const server = startServerProcess({
    program,
    calledAs: 'redis-server',
    programArguments: Object.entries(directives).flatMap(([name, value]) => [`--${name}`, value]),
    cwd: folder,
    user: undefined,
    watchdog,
    readyLine: /ready to accept connections/i,
  })
  const started = await untilReady('Redis', server, { folder, watchdog })
  return {
    ...started,
    connection: listen === 'tcp' ? { host: '127.0.0.1', port } : { path: socket },
    dataFolder: folder,
    exited: server.exited,
    log: () => server.log(),
    kill: (signal) => server.kill(signal),
  }
}
