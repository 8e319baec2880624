import { join } from 'node:path'
import { silentLogger, systemClock, type Clock, type Logger } from '@exprsn/core'
import { serverArguments } from './command-line.ts'
import { freePort } from './free-port.ts'
import type { ServerPlace } from './server-place.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'
import { isPortTaken, startFailure } from './start-failure.ts'
import { stopProcess } from './stop-process.ts'

/** How a server is launched; the fields are those of `StartPostgresOptions`. */
export interface LaunchOptions {
  readonly settings?: Readonly<Record<string, string>> | undefined
  readonly listen?: 'socket' | 'tcp' | undefined
  readonly port?: number | undefined
  readonly readyWhen?: 'writable' | 'readable' | undefined
  readonly signal?: AbortSignal | undefined
  readonly logger?: Logger | undefined
  readonly clock?: Clock | undefined
}

/** A server that accepts connections. */
export interface LaunchedServer {
  readonly server: ServerProcess
  readonly port: number
}

const attempts = 5

/** A free port may be taken by somebody else before the server binds it: then another one is tried. */
export async function launch(place: ServerPlace, binFolder: string, options: LaunchOptions): Promise<LaunchedServer> {
  const { clock = systemClock, signal } = options
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (options.listen === 'tcp' ? await freePort() : 5432)
    const server = startProcess(place, binFolder, port, options)
    if (await readyOrAborted(server, signal)) return { server, port }
    await stopProcess(server, [{ signal: 'SIGQUIT', patience: 5_000 }], clock)
    signal?.throwIfAborted()
    const log = server.log()
    if (attempt === attempts || options.port !== undefined || !isPortTaken(log))
      throw startFailure({ log, port, dataFolder: place.dataFolder, user: place.user?.name ?? 'this process' })
  }
}

function startProcess(place: ServerPlace, binFolder: string, port: number, options: LaunchOptions): ServerProcess {
  const { folder, dataFolder, user, watchdog } = place
  const { settings = {}, listen = 'socket', readyWhen = 'writable', logger = silentLogger } = options
  return startServerProcess({
    program: join(binFolder, 'postgres'),
    programArguments: serverArguments({ dataFolder, folder, port, listen, settings }),
    cwd: folder,
    user,
    watchdog,
    readyLine: readyWhen === 'writable' ? /ready to accept connections/ : /ready to accept (read-only )?connections/,
    onLine: (line) => logger.debug({ server: 'postgres' }, line),
  })
}

async function readyOrAborted(server: ServerProcess, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal === undefined) return server.ready
  signal.throwIfAborted()
  let onAbort = (): void => {}
  const aborted = new Promise<boolean>((settle) => {
    onAbort = () => settle(false)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  const ready = await Promise.race([server.ready, aborted])
  signal.removeEventListener('abort', onAbort)
  return ready
}
