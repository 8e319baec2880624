import { capture, type RunOptions } from './run.ts'

/** Like `capture`, and throws with the end of the command's output unless it exits with 0. */
export async function mustCapture(command: string, args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, output } = await capture(command, args, options)
  if (code !== 0) throw new Error(`"${command} ${args.join(' ')}" failed with exit code ${code}:\n${tail(output)}`)
  return stdout
}

/** The last lines of an output: where the reason usually stands. */
export function tail(output: string, lines = 30): string {
  return output.trimEnd().split('\n').slice(-lines).join('\n')
}
