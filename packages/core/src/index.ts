/**
 * What every Exprsn package stands on: errors as data, time, chance, durations, ids and the logger's shape.
 *
 * @packageDocumentation
 */
export type { Clock, Timer, TimerOptions } from './clock/clock.ts'
export { nextTurn } from './clock/next-turn.ts'
export { sleep, type SleepOptions } from './clock/sleep.ts'
export { systemClock } from './clock/system-clock.ts'
export { formatDuration, milliseconds, type Duration, type DurationUnit } from './duration/duration.ts'
export { ExprsnError, type ErrorDetails, type ExprsnErrorOptions } from './errors/exprsn-error.ts'
export { redact } from './errors/redact.ts'
export { defineErrors, type ErrorDefinition, type ErrorMaker, type ErrorRegistry } from './errors/registry.ts'
export { createId, createIdGenerator, type IdGeneratorOptions } from './id/uuid.ts'
export { silentLogger, type Logger, type LogMethod } from './logger/logger.ts'
export { randomBelow, randomFraction, randomItem, shuffled } from './random/draw.ts'
export type { Random } from './random/random.ts'
export { systemRandom } from './random/system-random.ts'
