/**
 * What operators ask of a shipper and of a log store over HTTP, and how lines come in from other clients.
 *
 * @packageDocumentation
 */
export { createLogHandler, type LogHandlerOptions } from './create-log-handler.ts'
export { createStatusHandler } from './create-status-handler.ts'
export { logHttpErrors } from './errors.ts'
export { logRouter, type LogRouterOptions } from './log-router.ts'
export { statusRouter, type StatusRouterOptions } from './status-router.ts'
