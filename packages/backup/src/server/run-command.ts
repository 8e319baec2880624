import { spawn } from 'node:child_process'
import { behindGate, openGate } from './gate.ts'
import type { ServerUser } from './server-user.ts'

/** How a short-lived program is run. */
export interface CommandOptions {
  readonly cwd: string
  readonly user: ServerUser | undefined
  readonly signal?: AbortSignal | undefined
  /** Told the process id, and told again when the process has ended. */
  readonly guard?: { guard(processId: number): void; unguard(processId: number): void } | undefined
}

/** How a short-lived program ended. */
export interface CommandResult {
  /** True when it ran and ended with exit code 0. */
  readonly ok: boolean
  readonly output: string
  /** Why it is not ok, in a few words. */
  readonly reason: string
}

/**
 * The environment of every program started here: the host's locale, time zone and `PG*` variables must not leak in.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}

/** Runs a program to its end. A program that cannot be run is a result that is not ok; abortion rejects. */
export async function runCommand(
  program: string,
  programArguments: readonly string[],
  { cwd, user, signal, guard }: CommandOptions,
): Promise<CommandResult> {
  signal?.throwIfAborted()
  const { command, commandArguments } =
    guard === undefined
      ? { command: program, commandArguments: programArguments }
      : behindGate(program, programArguments)
  const child = spawn(command, commandArguments, {
    cwd,
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...(user === undefined ? {} : { uid: user.userId, gid: user.groupId }),
  })
  if (child.pid !== undefined) guard?.guard(child.pid)
  openGate(child)
  const onAbort = (): void => endGroup(child.pid)
  signal?.addEventListener('abort', onAbort, { once: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const reason = await new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    child.once('close', (code, ending) => resolve(code === 0 ? '' : `exit ${code ?? ending}`))
  })
  signal?.removeEventListener('abort', onAbort)
  if (child.pid !== undefined) guard?.unguard(child.pid)
  signal?.throwIfAborted()
  if (reason === '') return { ok: true, output, reason }
  return { ok: false, output, reason: [reason, lastLine(output)].filter(Boolean).join(': ') }
}

function endGroup(processId: number | undefined): void {
  if (processId === undefined) return
  try {
    process.kill(-processId, 'SIGKILL')
  } catch {
    // It has ended in the meantime.
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!.trim()
}
