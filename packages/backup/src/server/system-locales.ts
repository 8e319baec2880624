import { tmpdir } from 'node:os'
import { runCommand } from './run-command.ts'

/** Locales that a machine has. */
export interface SystemLocales {
  has(name: string): boolean
}

/** Asks the program `locale`; undefined where there is none, as with musl: then only the server can tell. */
export async function systemLocales(signal?: AbortSignal): Promise<SystemLocales | undefined> {
  const { ok, output } = await runCommand('locale', ['-a'], { cwd: tmpdir(), user: undefined, signal })
  return ok ? localesOf(output) : undefined
}

/** Reads what `locale -a` lists. */
export function localesOf(list: string): SystemLocales {
  const known = new Set(['C', 'POSIX', ...list.trim().split(/\s+/)].map(normalised))
  return { has: (name) => known.has(normalised(name)) }
}

/** `en_US.UTF-8` and `en_US.utf8` are the same to the C library (setlocale(3), "normalised codeset"). */
function normalised(name: string): string {
  const [, place = '', codeset, modifier = ''] = /^([^.@]*)(?:\.([^@]*))?(@.*)?$/.exec(name) ?? []
  if (codeset === undefined) return `${place}${modifier}`
  return `${place}.${codeset.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}${modifier}`
}
