import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { installOnFirstUse, missingAfterInstall } from './install-on-first-use.ts'

const folder = join(import.meta.dirname, '..', 'atproto')

/** The official PLC directory and PDS in a process of their own. */
export interface AtprotoNetwork extends AsyncDisposable {
  /** Base URL of the PDS; handles end with `.test`. */
  readonly url: string
  /** Base URL of the directory. */
  readonly plcUrl: string
  /** Stops the PDS and starts it again on its data and its port. */
  restart(): Promise<void>
  /** Takes an account down, or lifts that. */
  takedown(did: string, applied?: boolean): Promise<void>
  close(): Promise<void>
}

/** Why the network cannot be started here, to skip tests with; undefined when it can. */
export function atprotoNetworkUnavailable(): Promise<string | undefined> {
  return missingAfterInstall('the official PDS', folder)
}

/** Starts a directory and a PDS with empty data, after installing them where that has not been done. */
export async function startAtprotoNetwork(
  options: { readonly rateLimits?: boolean | undefined } = {},
): Promise<AtprotoNetwork> {
  await installOnFirstUse(folder)
  const env = { ...process.env, NODE_OPTIONS: '', EXPRSN_RATE_LIMITS: String(options.rateLimits ?? false) }
  const child = fork(join(folder, 'network.mjs'), { execArgv: [], env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let complaints = ''
  child.stderr?.on('data', (text: Buffer) => (complaints = (complaints + text.toString()).slice(-4_000)))
  const { url, plcUrl } = await new Promise<{ url: string; plcUrl: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { url: string; plcUrl: string }))
    child.once('exit', (code) => reject(new Error(`The PDS ended with ${code}: ${complaints}`)))
  })
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || !child.connected) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    child.send({ id: 0, command: 'stop' })
    await ended
    clearTimeout(timer)
  }
  return {
    url,
    plcUrl,
    restart: () => command(child, 'restart'),
    takedown: (did, applied = true) => command(child, 'takedown', { did, applied }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

let commands = 0

function command(child: ChildProcess, name: string, input: object = {}): Promise<void> {
  const id = ++commands
  return new Promise((resolve, reject) => {
    const listen = (message: { readonly id?: number; readonly error?: string }): void => {
      if (message.id !== id) return
      child.off('message', listen)
      if (message.error === undefined) resolve()
      else reject(new Error(message.error))
    }
    child.on('message', listen)
    child.send({ id, command: name, input })
  })
}
