import { spawn } from 'node:child_process'

/** How a program ended. */
export interface ProgramResult {
  readonly ok: boolean
  readonly output: string
  /** What it said of itself; for messages. */
  readonly complaint: string
}

const mostKept = 65_536

/** Runs a program to its end, without a shell. Abortion kills it and rejects. */
export async function runProgram(
  program: string,
  programArguments: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<ProgramResult> {
  signal?.throwIfAborted()
  // A group of its own: parallel workers end with it.
  const child = spawn(program, programArguments, {
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const stop = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended in the meantime.
    }
  }
  signal?.addEventListener('abort', stop, { once: true })
  let output = ''
  let complaint = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(0, mostKept)))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-mostKept)))
  const ok = await new Promise<boolean>((resolve) => {
    child.once('error', (error) => {
      complaint = error.message
      resolve(false)
    })
    child.once('close', (code) => resolve(code === 0))
  })
  signal?.removeEventListener('abort', stop)
  signal?.throwIfAborted()
  return { ok, output, complaint: complaint.trim() }
}
