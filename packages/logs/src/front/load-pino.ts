import type { Logger } from '@exprsn/core'
import { frontErrors } from './errors.ts'

/** The logger that pino makes, as far as it is promised here. */
export interface PinoLogger extends Logger {
  level: string
  flush(done?: (error?: Error) => void): void
}

/** pino's function. */
export type PinoLike = (options: Record<string, unknown>, destination: object) => PinoLogger

/**
 * pino from where the host's program has it, at the first call: it is an optional peer, and `createLogger` is synchronous.
 *
 * @throws `LOGS_FRONT_PINO_MISSING`
 */
export function loadPino(): PinoLike {
  const { createRequire } = process.getBuiltinModule('node:module')
  for (const from of [ownPlace(), `${process.cwd()}/package.json`]) {
    try {
      return createRequire(from)('pino') as PinoLike
    } catch {
      // Tried from the next place.
    }
  }
  throw frontErrors.LOGS_FRONT_PINO_MISSING()
}

/** This file, as an ES module or as CommonJS. */
function ownPlace(): string {
  return typeof __filename === 'string' ? __filename : import.meta.url
}
