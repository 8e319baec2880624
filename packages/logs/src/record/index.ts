/**
 * What a log line is: its bytes, and what they say.
 *
 * @packageDocumentation
 */
export { levelNames, levelOf, type LevelName } from './level.ts'
export { createRecord, recordIn, type LogFields, type LogRecord, type LogRecordParts } from './log-record.ts'
export { timeOf } from './time.ts'
