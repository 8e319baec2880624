import { systemClock } from '@exprsn/core'
import { removeTree, systemDisk } from '@exprsn/core/disk'
import { stopProcess, type ServerProcess, type Watchdog } from '@exprsn/backup/server'

/** A server that goes with the process that started it, and its folder with it. */
export interface TemporaryServer {
  /** Stops it, without saving, and removes its folder. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Waits until a server says that it is ready. One that does not is stopped, and what it said is thrown. */
export async function untilReady(
  name: string,
  server: ServerProcess,
  { folder, watchdog }: { readonly folder: string; readonly watchdog: Watchdog },
): Promise<TemporaryServer> {
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => (stopping ??= stopAndRemove(server, folder, watchdog))
  if (!(await server.ready)) {
    await stop()
    throw new Error(`${name} did not start:\n${server.log().join('\n')}`)
  }
  server.hold(false)
  return { stop, [Symbol.asyncDispose]: stop }
}

async function stopAndRemove(server: ServerProcess, folder: string, watchdog: Watchdog): Promise<void> {
  await stopProcess(server, [{ signal: 'SIGTERM', patience: 5_000 }], systemClock)
  await removeTree(systemDisk, folder)
  watchdog.release()
}
