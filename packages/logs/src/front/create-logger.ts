import { ExprsnError } from '@exprsn/core'
import { createScanner, type Scanner } from '@exprsn/core/sensitive'
import { currentTrace } from '@exprsn/core/tracing'
import type { LevelName } from '../record/level.ts'
import type { LineStream } from '../shipper/line-stream.ts'
import { loadPino, type PinoLike, type PinoLogger } from './load-pino.ts'

/** Options of {@link createLogger}. */
export interface CreateLoggerOptions {
  /** Takes the lines. */
  readonly shipper: { stream(): LineStream }
  /** Lines below it are left out. @default 'info' */
  readonly level?: LevelName | undefined
  /** Of the service: stands in every line. @default none */
  readonly name?: string | undefined
  /** Further fields of every line. @default {} */
  readonly fields?: Readonly<Record<string, unknown>> | undefined
  /**
   * Masks secrets, card numbers and personal data in fields and messages, at any depth; a scanner of your own says what. It
   * costs more than all the rest of a line: `false` for lines that are known to be clean. @default true
   */
  readonly redact?: boolean | Scanner | undefined
  /** The host's own pino. @default the one that is installed */
  readonly pino?: PinoLike | undefined
}

/**
 * pino, configured well: secrets masked at any depth, the trace and span of `@exprsn/core/tracing` in every line, errors
 * with code, details and causes, and no value that can make a log call throw.
 *
 * @throws `LOGS_FRONT_PINO_MISSING`
 * @example
 * ```ts
 * import { createLogger, createShipper, memorySink } from '@exprsn/logs'
 *
 * const sink = memorySink()
 * const shipper = createShipper({ sinks: [sink], spool: './data/spool' })
 * const logger = createLogger({ shipper, name: 'shop' })
 * logger.info({ user: { password: 'hunter2' } }, 'signed in by ann@example.com')
 * await shipper.flush()
 * console.log(sink.records[0]?.text) // … "user":{"password":"[secret]"},"msg":"signed in by [email]"}
 * await shipper.close()
 * ```
 */
export function createLogger(options: CreateLoggerOptions): PinoLogger {
  const { shipper, level = 'info', name, fields = {}, redact = true } = options
  const pino = options.pino ?? loadPino()
  const scanner = redact === true ? createScanner() : redact === false ? undefined : redact
  return pino(
    {
      level,
      base: { ...(name === undefined ? {} : { name }), ...fields },
      mixin: traceFields,
      hooks: { logMethod: safeMethod(scanner) },
      serializers: { err: (error: unknown) => error },
    },
    shipper.stream(),
  )
}

function traceFields(): object {
  const trace = currentTrace()
  return trace === undefined ? {} : { traceId: trace.traceId, spanId: trace.spanId }
}

/**
 * Stands before every call: fields become plain data, and texts are masked. pino itself reads fields where a getter that
 * throws would reach the caller.
 */
function safeMethod(scanner: Scanner | undefined) {
  return function (this: unknown, parameters: unknown[], method: (...parameters: unknown[]) => void): void {
    let safe: readonly unknown[]
    try {
      safe = safeParameters(parameters, scanner)
    } catch {
      // Such as a revoked proxy: whatever is asked of it throws.
      const texts = parameters.filter((each) => typeof each === 'string')
      safe = [{ unserializable: true }, ...texts.map((each) => textOf(each, scanner))]
    }
    method.apply(this, [...safe])
  }
}

function safeParameters([first, ...others]: readonly unknown[], scanner: Scanner | undefined): readonly unknown[] {
  const masked = others.map((each) => textOf(each, scanner))
  if (first instanceof Error)
    return [fieldsOf({ err: first }, scanner), ...(masked.length > 0 ? masked : [textOf(first.message, scanner)])]
  if (typeof first === 'object' && first !== null) return [fieldsOf(first, scanner), ...masked]
  return [textOf(first, scanner), ...masked]
}

function textOf(value: unknown, scanner: Scanner | undefined): unknown {
  if (typeof value === 'string') return scanner?.mask(value) ?? value
  return scanner === undefined || typeof value !== 'object' ? value : scanner.maskValue(value)
}

function fieldsOf(object: object, scanner: Scanner | undefined): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const key of Object.keys(object)) {
    const value = readField(object, key)
    // JSON has no such numbers; they go as text. `__proto__` is a key like any other.
    const safe = typeof value === 'bigint' ? String(value) : value
    Object.defineProperty(plain, key, { value: safe, enumerable: true, configurable: true, writable: true })
  }
  try {
    return scanner === undefined ? plain : (scanner.maskValue(plain) as Record<string, unknown>)
  } catch {
    return { unserializable: true }
  }
}

function readField(object: object, key: string): unknown {
  try {
    return errorData((object as Readonly<Record<string, unknown>>)[key], 0)
  } catch {
    return '[unreadable]'
  }
}

const deepestCause = 10

function errorData(value: unknown, depth: number): unknown {
  if (!(value instanceof Error)) return value
  if (ExprsnError.is(value)) return { type: value.name, ...value.toJSON(), stack: value.stack }
  const { name: type, message, stack, cause } = value
  const deeper = cause === undefined || depth === deepestCause ? {} : { cause: errorData(cause, depth + 1) }
  return { ...Object.fromEntries(Object.entries(value)), type, message, stack, ...deeper }
}
