import { baseBackupErrors } from './errors.ts'

/** What every way of taking a base backup can be told. */
export interface CommonBackupOptions {
  /** Stands in backup_label and in the server's progress view. @default 'exprsn' */
  readonly label?: string | undefined
  /** Kibibytes per second, 32 to 1,048,576. @default no limit */
  readonly maxRate?: number | undefined
}

/** The label. @throws `BACKUP_BASE_OPTION_INVALID` */
export function checkBackupOptions({ label = 'exprsn', maxRate }: CommonBackupOptions): string {
  if (maxRate !== undefined && !(Number.isInteger(maxRate) && maxRate >= 32 && maxRate <= 1_048_576))
    throw invalidOption(`maxRate ${maxRate} is not a whole number from 32 to 1048576`)
  if (/[\n\r]/.test(label) || label.length > 1_000)
    throw invalidOption('the label is longer than 1000 characters or has line breaks')
  return label
}

/** @returns `BACKUP_BASE_OPTION_INVALID` */
export function invalidOption(reason: string) {
  return baseBackupErrors.BACKUP_BASE_OPTION_INVALID({ reason })
}
