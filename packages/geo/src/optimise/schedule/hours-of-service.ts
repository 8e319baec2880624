/**
 * Rules of driving and rest, in seconds. Either a name of {@link hoursOfService}, or rules of your own as plain data.
 */
export type HoursOfService = 'eu-561' | 'us-fmcsa' | HoursRules

/** Rules of driving and rest. */
export interface HoursRules {
  /** Driving at most without a break. */
  readonly driving: number
  /** How long that break is at least. */
  readonly break: number
  /** Or in two parts, at least so long each, in this order. @default in one */
  readonly splitBreak?: readonly [first: number, second: number] | undefined
  /** What interrupts driving: only rest, or any time not at the wheel of that length. */
  readonly breakBy: 'rest' | 'not-driving'
  /** Driving at most between two daily rests. */
  readonly dailyDriving: number
  /** How often it may be `longDriving` instead. @default 0 */
  readonly longDays?: number | undefined
  readonly longDriving?: number | undefined
  /** A daily rest at least. */
  readonly dailyRest: number
  /** How often it may be `shortRest` instead. @default 0 */
  readonly shortRests?: number | undefined
  readonly shortRest?: number | undefined
  /** A daily rest in two parts, at least so long each, in this order: it counts as a whole one. @default in one */
  readonly splitRest?: readonly [first: number, second: number] | undefined
  /** Seconds from the end of a daily rest until what `dayLimits` says, at most. */
  readonly day: number
  /** What `day` limits: until the rest is over, or until driving ends. */
  readonly dayLimits: 'rest-included' | 'driving'
  /** Driving at most in the whole plan. @default unlimited */
  readonly totalDriving?: number | undefined
  /** Driving and work at most in the whole plan. @default unlimited */
  readonly totalDuty?: number | undefined
  /** Seconds from start to end at most: then a weekly rest is due, which plans do not hold. @default unlimited */
  readonly week?: number | undefined
}

/** What a driver has done when a plan begins. */
export interface HoursSoFar {
  /** Since the last break. @default 0 */
  readonly driving?: number | undefined
  /** Since the last daily rest. @default 0 */
  readonly dailyDriving?: number | undefined
  /** When that rest ended, in the problem's seconds. @default when the vehicle starts */
  readonly dayBegan?: number | undefined
  /** Whether the first part of a daily rest in two has been taken since then. @default false */
  readonly hasRestPart?: boolean | undefined
  /** Since the last weekly rest. @default 0 */
  readonly totalDriving?: number | undefined
  readonly totalDuty?: number | undefined
  /** Used up since the last weekly rest. @default 0 */
  readonly longDays?: number | undefined
  readonly shortRests?: number | undefined
}

const hour = 3_600

/**
 * Rules by name.
 *
 * - `eu-561`: Regulation (EC) No 561/2006. Article 6(1): nine hours of driving a day, ten twice a week; 6(2): 56 hours a week;
 *   Article 7: a break of 45 minutes after four and a half hours, or of 15 and later 30; Article 8(2): a new daily rest is over within 24 hours after the
 *   end of the one before; Article 4(g): it is eleven hours, or three and later nine, or nine alone, three times between two weekly rests; Article 8(6): a weekly
 *   rest begins after six periods of 24 hours at the latest.
 * - `us-fmcsa`: 49 CFR § 395.3 for carriers of property: (a)(1) ten hours off duty before; (a)(2) no driving after the 14th hour;
 *   (a)(3)(i) eleven hours of driving; (a)(3)(ii) 30 minutes not at the wheel after eight hours of driving; (b)(2) 70 hours on duty in
 *   eight days.
 *
 * @example
 * ```ts
 * import { hoursOfService } from '@exprsn/geo/optimize'
 *
 * console.log(hoursOfService['eu-561'].driving / 3600) // 4.5
 * ```
 */
export const hoursOfService: Readonly<Record<'eu-561' | 'us-fmcsa', HoursRules>> = {
  'eu-561': {
    driving: 4.5 * hour,
    break: 0.75 * hour,
    splitBreak: [0.25 * hour, 0.5 * hour],
    breakBy: 'rest',
    dailyDriving: 9 * hour,
    longDays: 2,
    longDriving: 10 * hour,
    dailyRest: 11 * hour,
    shortRests: 3,
    shortRest: 9 * hour,
    splitRest: [3 * hour, 9 * hour],
    day: 24 * hour,
    dayLimits: 'rest-included',
    totalDriving: 56 * hour,
    week: 144 * hour,
  },
  'us-fmcsa': {
    driving: 8 * hour,
    break: 0.5 * hour,
    breakBy: 'not-driving',
    dailyDriving: 11 * hour,
    dailyRest: 10 * hour,
    day: 14 * hour,
    dayLimits: 'driving',
    totalDuty: 70 * hour,
  },
}
