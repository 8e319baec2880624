import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with an audit log. That it was tampered with is what `verify()` returns, not an error. */
export const auditErrors = defineErrors({
  CORE_AUDIT_VALUE_INVALID: {
    message: 'The audit event cannot be kept: {path} is {reason}.',
    help: 'An event is plain JSON: texts, finite numbers, booleans, null, lists and objects.',
    status: 400,
  },
  CORE_AUDIT_DAMAGED: {
    message: 'The audit log {path} is damaged at record {sequence}: nothing is appended to it.',
    help: 'Call verify() for what is wrong. Keep the file as evidence, and go on in a new one.',
  },
  CORE_AUDIT_LOCKED: {
    message: 'Another process writes the audit log {path}.',
    help: 'Give each process a file of its own, or use the database.',
    retryable: true,
  },
  CORE_AUDIT_RECORD_UNKNOWN: {
    message: 'The audit log has no record {sequence} among its first {size}.',
    help: 'Records are numbered from 1. Prove a record against a checkpoint that was made after it.',
    status: 404,
  },
  CORE_AUDIT_SIGNER_MISSING: {
    message: 'The audit log has no key to sign a checkpoint with.',
    help: 'Pass signer: an id and an Ed25519 private key.',
  },
  CORE_AUDIT_KEY_INVALID: {
    message: 'The key "{id}" of the audit log is not an Ed25519 key.',
    help: "Make one with generateKeyPairSync('ed25519') of node:crypto.",
  },
  CORE_AUDIT_NOT_MIGRATED: {
    message: 'The tables of the audit log are empty or not there.',
    help: 'Run migrate(database, [auditMigrations]) first.',
  },
  CORE_AUDIT_CLOSED: {
    message: 'The audit log is closed.',
    help: 'Append before close().',
  },
})
