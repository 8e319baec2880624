import { spawn } from 'node:child_process'
import { behindGate, openGate } from './gate.ts'
import type { ServerUser } from './server-user.ts'
import { cleanEnvironment } from './run-command.ts'
import type { Watchdog } from './watchdog.ts'

/** How a server ended. */
export interface ServerExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A server program that was started. */
export interface ServerProcess {
  readonly processId: number | undefined
  /** Resolves when the program has said that it is ready, rejects with nothing: resolves to false when it ended first. */
  readonly ready: Promise<boolean>
  /** When the program itself has ended; never rejects. */
  readonly exited: Promise<ServerExit>
  /** When its own children have ended, too, so that nobody writes into its folder any more. */
  readonly closed: Promise<void>
  /** The last lines of its output, oldest first. */
  log(): readonly string[]
  /** Signals the program, not its children. False when it has ended. */
  kill(signal: NodeJS.Signals): boolean
  /** Lets the server keep this process alive, or not. */
  hold(holds: boolean): void
}

/** How a server program is started. */
export interface ServerProcessOptions {
  /** Path of the executable. */
  readonly program: string
  /** What it is started with. */
  readonly programArguments: readonly string[]
  /** The name that the program sees itself called by. @default program */
  readonly calledAs?: string | undefined
  /** Working folder of the process. */
  readonly cwd: string
  /** The account it runs under, undefined for our own. */
  readonly user: ServerUser | undefined
  /** What the line looks like that tells that it is ready. */
  readonly readyLine: RegExp
  /** Stops it when this process dies. */
  readonly watchdog: Watchdog
  /** Told every line of output. */
  readonly onLine?: ((line: string) => void) | undefined
}

/** Enough for the log of a long recovery, and bounded for a server that stays up for weeks. */
const linesKept = 2_000

/**
 * Starts a server program as a guarded child in a process group of its own, so that Ctrl-C in the terminal reaches
 * this process alone, which then stops the server in order.
 */
export function startServerProcess(options: ServerProcessOptions): ServerProcess {
  const { program, programArguments, calledAs, cwd, user, readyLine, watchdog, onLine } = options
  // A shell cannot give a program another name, so such a program starts without a gate.
  const { command, commandArguments } =
    calledAs === undefined
      ? behindGate(program, programArguments)
      : { command: program, commandArguments: programArguments }
  const child = spawn(command, commandArguments, {
    cwd,
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...(calledAs === undefined ? {} : { argv0: calledAs }),
    ...(user === undefined ? {} : { uid: user.userId, gid: user.groupId }),
  })
  if (child.pid !== undefined) watchdog.guard(child.pid)
  openGate(child)

  const lines: string[] = []
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('error', (error) => {
      lines.push(`could not run ${program}: ${error.message}`)
      resolve({ code: null, signal: null })
    })
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) watchdog.unguard(child.pid)
      resolve({ code, signal })
    })
  })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const ready = new Promise<boolean>((resolve) => {
    const onText = (line: string): void => {
      if (lines.push(line) > linesKept) lines.shift()
      if (readyLine.test(line)) resolve(true)
      onLine?.(line)
    }
    for (const stream of [child.stdout, child.stderr]) eachLine(stream, onText)
    void Promise.all([exited, closed]).then(() => resolve(false))
  })

  return {
    processId: child.pid,
    ready,
    exited,
    closed,
    log: () => [...lines],
    kill: (signal) => child.kill(signal),
    hold(holds) {
      for (const handle of [child, child.stdout, child.stderr] as { ref?(): void; unref?(): void }[])
        if (holds) handle.ref?.()
        else handle.unref?.()
    },
  }
}

function eachLine(stream: NodeJS.ReadableStream, onText: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop()!
    for (const line of parts) onText(line)
  })
  stream.on('end', () => {
    if (rest !== '') onText(rest)
  })
}
