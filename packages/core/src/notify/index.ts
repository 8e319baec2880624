/**
 * Notifications to webhooks, chats and mailboxes: grouped, told once, quiet at night, delivered through durable jobs.
 *
 * @packageDocumentation
 */
export type { Channel, ChannelRoute, DeliveryContext, DeliveryNote } from './channel.ts'
export {
  createNotify,
  type FlushOptions,
  type FlushReport,
  type Notify,
  type NotifyEvent,
  type NotifyOptions,
  type Receipt,
  type SendOptions,
} from './create-notify.ts'
export type { DeliveryReport } from './delivery-report.ts'
export type { AcceptedPlace } from './engine/accept.ts'
export { notifyErrors } from './errors.ts'
export { notifyMigrations } from './migrations.ts'
export type { Message, Notification, NotificationRecord, Severity } from './notification.ts'
export type { PostOptions } from './post-message.ts'
export type { QuietHoursOptions } from './quiet-hours.ts'
export { slackChannel } from './slack/slack-channel.ts'
export { signWebhook, type SignWebhookOptions, type WebhookHeaders } from './webhook/sign-webhook.ts'
export { verifyWebhook, type VerifiedWebhook, type VerifyWebhookOptions } from './webhook/verify-webhook.ts'
export { webhookChannel, type WebhookChannelOptions } from './webhook/webhook-channel.ts'
export type { WebhookSecret } from './webhook/webhook-secret.ts'
