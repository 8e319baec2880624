import type { ChildProcess } from 'node:child_process'

/** A command that waits at a gate before it becomes the program. */
export interface GatedCommand {
  readonly command: string
  readonly commandArguments: readonly string[]
}

/**
 * Between its start and the moment the watchdog knows of it, a program would outlive our death. So a shell is started
 * in its place that waits for a line on its standard input, which must be a pipe, and only then becomes the program,
 * under the same process id. When this process dies first, the pipe closes and the shell ends.
 */
export function behindGate(program: string, programArguments: readonly string[]): GatedCommand {
  const script = 'read -r go && exec "$@" </dev/null'
  return { command: '/bin/sh', commandArguments: ['-c', script, 'exprsn-gate', program, ...programArguments] }
}

/** Lets the program start: call it once the watchdog guards its process. */
export function openGate(child: ChildProcess): void {
  child.stdin?.on('error', () => {})
  child.stdin?.end('go\n')
}
