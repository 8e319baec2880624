import { join } from 'node:path'
import { silentLogger, systemClock, type Clock, type Logger } from '@exprsn/core'
import { superuser } from './initialise.ts'
import type { LaunchedServer } from './launch.ts'
import type { PostgresServer } from './postgres-server.ts'
import { removeFolders } from './remove-folders.ts'
import { keepServerFolder } from './server-folder.ts'
import type { ServerPlace } from './server-place.ts'
import { stopProcess, type StopStep } from './stop-process.ts'

/** What the handle of a server needs to know beyond the server; the fields are those of `StartPostgresOptions`. */
export interface RunningServerOptions {
  readonly listen?: 'socket' | 'tcp' | undefined
  readonly disposable: boolean
  readonly logger?: Logger | undefined
  readonly clock?: Clock | undefined
}

/** The handle that users hold. */
export function runningServer(
  { disk, folder, dataFolder, installation, watchdog }: ServerPlace,
  { server, port }: LaunchedServer,
  { listen, disposable, logger = silentLogger, clock = systemClock }: RunningServerOptions,
): PostgresServer {
  let stopping: Promise<void> | undefined
  const stop: PostgresServer['stop'] = async ({ mode = 'fast', keep = false } = {}) => {
    await stopProcess(server, stopSteps[mode], clock)
    const ownData = dataFolder === join(folder, 'data')
    if (keep && ownData) await keepServerFolder(disk, folder)
    else await removeFolders(disk, disposable && !keep ? [folder, dataFolder] : [folder])
    watchdog.release()
    logger.info({ dataFolder, kept: keep || !disposable }, 'PostgreSQL stopped')
  }
  server.hold(false)
  logger.info({ dataFolder, port, version: installation.version.text }, 'PostgreSQL started')
  return {
    connection: { host: listen === 'tcp' ? '127.0.0.1' : folder, port, user: superuser, database: 'postgres' },
    dataFolder,
    installation,
    processId: server.processId!,
    log: () => server.log(),
    exited: server.exited,
    stop: (stopOptions) => (stopping ??= stop(stopOptions)),
    kill: (signal) => server.kill(signal),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  }
}

/** A smart shutdown waits for the clients as long as they like: a month is as good as for ever. */
const stopSteps: Readonly<Record<'fast' | 'immediate' | 'smart', readonly StopStep[]>> = {
  smart: [{ signal: 'SIGTERM', patience: 30 * 86_400_000 }],
  fast: [
    { signal: 'SIGINT', patience: 10_000 },
    { signal: 'SIGQUIT', patience: 6_000 },
  ],
  immediate: [{ signal: 'SIGQUIT', patience: 6_000 }],
}
