/**
 * The suite that every sink passes, and a service over HTTP that fails on demand.
 *
 * @packageDocumentation
 */
export { testingErrors } from './errors.ts'
export {
  simulateLogService,
  type LogService,
  type ServiceAnswer,
  type ServiceLine,
  type ServiceProtocol,
  type ServiceRequest,
  type SinkFault,
} from './log-service.ts'
export { sinkConformance, type SinkSubject } from './sink-conformance.ts'
