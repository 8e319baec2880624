import { isToken } from '../characters.ts'
import type { Span } from '../sensitive-kind.ts'

/** Forms that issuers document for secret scanners. Every quantifier is bounded, and they are tried at starts of tokens only. */
const forms = [
  '(?:AKIA|ASIA)[A-Z2-7]{16}', // AWS
  'AIza[\\w-]{35}', // Google
  'GOCSPX-[\\w-]{28}', // Google OAuth
  'gh[opsur]_[A-Za-z0-9]{36,255}', // GitHub
  'github_pat_\\w{22,255}', // GitHub, fine-grained
  'glpat-[\\w-]{20,64}', // GitLab
  'npm_[A-Za-z0-9]{36}', // npm
  'pypi-[\\w-]{50,255}', // PyPI
  '[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}', // Stripe
  'whsec_[A-Za-z0-9+/]{24,88}={0,2}', // Stripe, Standard Webhooks
  'xox[abeoprs]-[A-Za-z0-9-]{10,255}', // Slack
  'xapp-\\d-[A-Za-z0-9-]{10,255}', // Slack
  'SG\\.[\\w-]{22}\\.[\\w-]{43}', // SendGrid
  'sk-(?:ant-|proj-|svcacct-)?[\\w-]{32,255}', // Anthropic, OpenAI
  'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}', // Shopify
  'do[opr]_v1_[a-f0-9]{64}', // DigitalOcean
  'key-[a-f0-9]{32}', // Mailgun
  'SK[a-f0-9]{32}', // Twilio
  'EAAA[\\w-]{60}', // Square
  'hv[sb]\\.[\\w-]{24,255}', // Vault
  'AGE-SECRET-KEY-1[A-Z0-9]{58}', // age
] as const

const form = new RegExp(`(?:${forms.join('|')})(?![A-Za-z0-9_])`, 'y')

/** The characters that such a key can begin with. */
export const apiKeyStarts = 'AGENSTdghknpswrxl'

/** A key whose form names its issuer, beginning at `at`. */
export function matchApiKey(text: string, at: number): Span | undefined {
  if (isToken(text.charCodeAt(at - 1))) return undefined
  form.lastIndex = at
  return form.test(text) ? { start: at, end: form.lastIndex } : undefined
}
