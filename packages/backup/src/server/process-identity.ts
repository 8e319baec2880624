import { hostname } from 'node:os'
import type { Disk } from '@exprsn/core/disk'
import { orUndefined, readText } from './files.ts'
import { runCommand } from './run-command.ts'

/** What names one process for good: numbers are used again, but not with the same start. */
export interface ProcessIdentity {
  readonly processId: number
  readonly startedAt: string
  /** Process numbers mean something only inside one machine and container. */
  readonly space: string
}

/** The identity of a running process, or undefined when there is no such process. */
export async function processIdentity(disk: Disk, processId: number): Promise<ProcessIdentity | undefined> {
  const startedAt = await processStart(disk, processId)
  return startedAt === undefined ? undefined : { processId, startedAt, space: await processSpace(disk) }
}

/** The name of the machine and, on Linux, of the process-number namespace that this process lives in. */
export async function processSpace(disk: Disk): Promise<string> {
  return `${hostname()} ${String((await orUndefined(disk.readLink('/proc/self/ns/pid'))) ?? '')}`.trim()
}

async function processStart(disk: Disk, processId: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const facts = await orUndefined(readText(disk, `/proc/${processId}/stat`))
    return facts === undefined ? undefined : parseStartTime(facts)
  }
  const { ok, output } = await runCommand('ps', ['-o', 'lstart=', '-p', String(processId)], {
    cwd: '/',
    user: undefined,
  })
  return ok ? output.trim() : undefined
}

/** Field 22 of proc_pid_stat(5), counted behind the command's name, which may itself hold spaces and brackets. */
export function parseStartTime(facts: string): string | undefined {
  const fields = facts.slice(facts.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? undefined : fields[22 - 3]
}
