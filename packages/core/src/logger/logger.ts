/** One level's method: an object of fields and a message, or a message alone. */
export interface LogMethod {
  (fields: object, message?: string): void
  (message: string): void
}

/** The shape of a pino logger, as far as the family uses it. A host passes its own. */
export interface Logger {
  readonly trace: LogMethod
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
  readonly fatal: LogMethod
  /** A logger that adds these fields to every line. */
  child(fields: Record<string, unknown>): Logger
}

const ignore: LogMethod = () => {}

/** Writes nothing: the default wherever a `logger` is an option. */
export const silentLogger: Logger = {
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
  child: () => silentLogger,
}
