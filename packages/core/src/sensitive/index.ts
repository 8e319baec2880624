/**
 * Finds card numbers, bank accounts, secrets and personal data in texts and values, and masks them.
 *
 * @packageDocumentation
 */
export { createScanner, type Scanner, type ScannerOptions } from './create-scanner.ts'
export { sensitiveErrors } from './errors.ts'
export { sensitiveKinds, type Finding, type SensitiveKind } from './sensitive-kind.ts'
export type { ValueFinding } from './value.ts'
