/**
 * Retention: which snapshots stay, shown before anything is removed.
 *
 * @packageDocumentation
 */
export { retentionErrors } from './errors.ts'
export { planRetention, type KeptSnapshot, type PlanRetentionOptions, type RetentionPlan } from './plan-retention.ts'
export { checkPolicy, type RetentionPolicy } from './policy.ts'
