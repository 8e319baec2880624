/**
 * Payment gateways, webhooks, a double-entry ledger and reconciliation.
 *
 * @packageDocumentation
 */
export {}
