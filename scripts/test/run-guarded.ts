import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { behindGate, openGate, startWatchdog } from '../../testing/src/watchdog.ts'
import { ancestors, areAlive } from './ancestors.ts'

/** What a guarded run left and how it ended. */
export interface GuardedRun {
  /** Exit code, or the name of the signal that ended it. */
  readonly exit: number | string
  /** What the program left in its temporary folder, which has been removed since. */
  readonly leftovers: readonly string[]
}

/** A program to run guarded. */
export interface GuardedProgram {
  readonly program: string
  readonly programArguments: readonly string[]
  readonly cwd: string
  /** The environment, made from the path of the run's temporary folder. */
  readonly environment: (folder: string) => NodeJS.ProcessEnv
  /** Reads what is needed from the temporary folder before it is removed. */
  readonly onEnd: (folder: string) => void
}

/**
 * Runs a program so that nothing of it stays: it leads a process group of its own and has a temporary folder of its
 * own, and a watchdog ends the one and removes the other even when this process is killed.
 * Ctrl-C is passed on; what does not end within 5 s, or at the second Ctrl-C, is killed.
 */
export async function runGuarded({ program, programArguments, ...options }: GuardedProgram): Promise<GuardedRun> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'exprsn-test-'))
  const watchdog = startWatchdog([folder])
  // Servers that run as another user have their own closed folders in this one.
  chmodSync(folder, 0o711)
  const { command, commandArguments } = behindGate(program, programArguments)
  const child = spawn(command, commandArguments, {
    cwd: options.cwd,
    env: { ...options.environment(folder), TMPDIR: folder },
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true,
  })
  if (child.pid !== undefined) watchdog.guard(child.pid)
  const stopWatching = endWithUs((signal) => signalGroup(child.pid, signal))
  openGate(child)
  const exit = await new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code ?? signal!))
  })
  stopWatching()
  signalGroup(child.pid, 'SIGKILL')
  options.onEnd(folder)
  const leftovers = readdirSync(folder)
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  watchdog.release()
  return { exit, leftovers }
}

const patience = 5_000

/** Passes signals on, and treats the death of the process that started us like one. */
function endWithUs(send: (signal: NodeJS.Signals) => void): () => void {
  let asked = false
  const onSignal = (signal: NodeJS.Signals): void => {
    send(asked ? 'SIGKILL' : signal)
    asked = true
    setTimeout(() => send('SIGKILL'), patience).unref()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)
  const chain = ancestors()
  const watch = setInterval(() => areAlive(chain) || process.kill(process.pid, 'SIGKILL'), 500)
  return () => {
    clearInterval(watch)
    for (const signal of signals) process.off(signal, onSignal)
  }
}

function signalGroup(processId: number | undefined, signal: NodeJS.Signals): void {
  if (processId === undefined) return
  try {
    process.kill(-processId, signal)
  } catch {
    // Nobody of the group is left.
  }
}
