/**
 * Ordered start and stop of a program's parts, with deadlines and signals.
 *
 * @packageDocumentation
 */
export type { LifecycleComponent, StepContext } from './component.ts'
export { lifecycleErrors } from './errors.ts'
export {
  createLifecycle,
  type Lifecycle,
  type LifecycleOptions,
  type LifecycleState,
  type ShutdownReason,
} from './lifecycle.ts'
