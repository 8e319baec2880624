/**
 * What operators ask of a shipper over HTTP.
 *
 * @packageDocumentation
 */
export { createStatusHandler } from './create-status-handler.ts'
export { statusRouter, type StatusRouterOptions } from './status-router.ts'
