import { spawn, type StdioOptions } from 'node:child_process'
import { root } from './packages.ts'

/** How a command is run. */
export interface RunOptions {
  /** @default the repository's root */
  readonly cwd?: string | undefined
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Kills the command with SIGKILL after so many milliseconds. @default none */
  readonly timeout?: number | undefined
}

/** How a command ended. */
export interface RunResult {
  /** The exit code; 1 for a command that was killed. */
  readonly code: number
  readonly signal: NodeJS.Signals | null
  readonly seconds: number
}

/** A {@link RunResult} with what the command printed. */
export interface CapturedResult extends RunResult {
  readonly stdout: string
  readonly stderr: string
  /** Both streams in the order in which they arrived. */
  readonly output: string
}

/** Runs a command whose output goes to the terminal. A failure is a result, only a missing command throws. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { code, signal, seconds } = await execute(command, args, ['ignore', 'inherit', 'inherit'], options)
  return { code, signal, seconds }
}

/** Runs a command and returns what it printed. A failure is a result, only a missing command throws. */
export function capture(command: string, args: readonly string[], options: RunOptions = {}): Promise<CapturedResult> {
  return execute(command, args, ['ignore', 'pipe', 'pipe'], options)
}

function execute(
  command: string,
  args: readonly string[],
  stdio: StdioOptions,
  options: RunOptions,
): Promise<CapturedResult> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio,
      timeout: options.timeout,
      killSignal: 'SIGKILL',
    })
    const text = { stdout: '', stderr: '', output: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
        text[name] += chunk
        text.output += chunk
      })
    child.once('error', (cause) => reject(new Error(`Could not run "${command}": ${cause.message}`, { cause })))
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 1, signal, seconds: (performance.now() - started) / 1_000, ...text }),
    )
  })
}
