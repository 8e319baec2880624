/** The names of levels, from the least to the most severe. */
export const levelNames = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** How severe a line is. */
export type LevelName = (typeof levelNames)[number]

/** Other words for the levels, in lower case: syslog (RFC 5424 §6.2.1), winston and what services write. */
const otherNames: Readonly<Record<string, LevelName>> = {
  silly: 'trace',
  verbose: 'debug',
  http: 'info',
  notice: 'info',
  information: 'info',
  log: 'info',
  warning: 'warn',
  err: 'error',
  crit: 'fatal',
  critical: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
}

/**
 * The level that a field names: pino's numbers (10 to 60), or a word of any case. Undefined for anything else.
 *
 * @example
 * ```ts
 * import { levelOf } from '@exprsn/logs'
 *
 * console.log(levelOf(50), levelOf('Warning'), levelOf('loud')) // error warn undefined
 * ```
 */
export function levelOf(value: unknown): LevelName | undefined {
  if (typeof value === 'number')
    return value >= 10 && value < 70 ? levelNames[Math.min(5, Math.floor(value / 10) - 1)] : undefined
  if (typeof value !== 'string' || value.length > 12) return undefined
  const word = value.toLowerCase()
  const known = levelNames.find((name) => name === word)
  return known ?? (Object.hasOwn(otherNames, word) ? otherNames[word] : undefined)
}
