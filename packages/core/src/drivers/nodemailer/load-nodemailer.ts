import { notifyErrors } from '../../notify/errors.ts'
import type { NodemailerModule } from './transporter.ts'

/** The optional peer `nodemailer`. Throws `CORE_NOTIFY_DRIVER_MISSING` when it is not installed. */
export async function loadNodemailer(importNodemailer?: () => Promise<unknown>): Promise<NodemailerModule> {
  try {
    // Written inside the try: bundlers then accept that the package may be absent.
    const loaded = (importNodemailer === undefined ? await import('nodemailer') : await importNodemailer()) as {
      readonly default?: NodemailerModule
    }
    return loaded.default ?? (loaded as NodemailerModule)
  } catch (error) {
    throw notifyErrors.CORE_NOTIFY_DRIVER_MISSING({ package: 'nodemailer' }, { cause: error })
  }
}
