import type { HoursRules, HoursSoFar } from './hours-of-service.ts'

/** Rounding of times that are compared with limits. */
export const moment = 1e-9

/** What a driver has done under rules of driving and rest, and what is allowed next. Times are the problem's seconds. */
export class DriverHours {
  #rules!: HoursRules
  #sinceBreak = 0
  #today = 0
  #dayBegan = 0
  #workedUntil = 0
  #drivenUntil = 0
  #isRested = false
  /** The free time that is the first part of a break once it is over, and whether such a part has been taken. */
  #free = 0
  #hasPart = false
  /** The same of a daily rest. */
  #freeOfDay = 0
  #hasRestPart = false
  #longDays = 0
  #shortRests = 0

  /** A driver's plan begins. */
  start(rules: HoursRules, soFar: HoursSoFar, begin: number): void {
    this.#rules = rules
    this.#drivenUntil = begin
    this.#free = 0
    this.#hasPart = false
    this.#freeOfDay = 0
    this.worked(begin)
    this.#hasRestPart = soFar.hasRestPart ?? false
    this.#sinceBreak = soFar.driving ?? 0
    this.#today = soFar.dailyDriving ?? 0
    this.#dayBegan = soFar.dayBegan ?? begin
    this.#longDays = soFar.longDays ?? 0
    this.#shortRests = soFar.shortRests ?? 0
  }

  get hasDrivenSinceBreak(): boolean {
    return this.#sinceBreak > 0
  }

  /** What is left to take of a break: the second part after the first. */
  get breakLength(): number {
    const { break: whole, splitBreak } = this.#rules
    return this.#hasPart ? splitBreak![1] : whole
  }

  get restLength(): number {
    return this.#restLength(this.#hasRestPart)
  }

  /** Seconds of driving until it must be interrupted. */
  drivingLeft(time: number): number {
    return Math.min(this.#rules.driving - this.#sinceBreak, this.#dailyDriving - this.#today, this.#dayEnd - time)
  }

  /** Whether it takes a rest to go on, not just a break. */
  isDayOver(time: number): boolean {
    return this.#dailyDriving - this.#today <= moment || this.#dayEnd - time <= moment
  }

  /** Has driven for so many seconds, until then. */
  drove(seconds: number, until: number): void {
    this.#sinceBreak += seconds
    this.#today += seconds
    this.#drivenUntil = until
    this.worked(until)
  }

  /** Has handled a task, or stood where nothing was to be done, until then. */
  handled(handling: number, until: number): void {
    // Where any time off the wheel is a break, free time before and handling count together.
    const { breakBy, break: whole } = this.#rules
    if (breakBy === 'not-driving' && until - this.#drivenUntil >= whole) this.#sinceBreak = 0
    if (handling > 0) this.worked(until)
  }

  /** Has driven or worked until then. */
  worked(until: number): void {
    this.#workedUntil = until
    this.#isRested = false
    if (this.#isRestPart(this.#freeOfDay)) this.#hasRestPart = true
    this.#freeOfDay = 0
    if (this.#free === 0) return
    const split = this.#rules.splitBreak
    if (split !== undefined && this.#free + moment >= split[0]) this.#hasPart = true
    this.#free = 0
  }

  /** What the free time until now is worth: all of it counts that nothing interrupts. */
  recover(now: number): void {
    const { day, dayLimits, dailyRest, dailyDriving } = this.#rules
    const length = now - this.#workedUntil
    if (length + moment >= this.breakLength) {
      this.#sinceBreak = 0
      this.#free = 0
      this.#hasPart = false
    } else if (this.#sinceBreak > 0) this.#free = length
    // Of a rest counts what lies within the day (Article 8(2) of Regulation 561/2006).
    const isLimited = dayLimits === 'rest-included'
    const portion = isLimited ? Math.min(length, this.#dayBegan + day - this.#workedUntil) : length
    if (!this.#isRested) {
      this.#freeOfDay = portion
      if (portion + moment < this.restLength) return
      // With a part before, it is a whole rest in two (Article 4(g)).
      if (portion + moment < dailyRest && !this.#hasRestPart) this.#shortRests++
    }
    this.#isRested = true
    this.#freeOfDay = 0
    this.#hasRestPart = false
    if (this.#today > dailyDriving) this.#longDays++
    this.#today = 0
    this.#sinceBreak = 0
    this.#dayBegan = now
  }

  /** Whether handling that begins then is over while work is still allowed; waiting that is long enough is a rest. */
  fitsDay(begin: number, handling: number): boolean {
    const { day, dayLimits, dailyRest } = this.#rules
    if (dayLimits === 'driving' || begin === Infinity) return true
    // A rest goes on until work begins.
    if (this.#isRested) return handling <= day - this.#restLength(false)
    const wait = Math.min(begin, this.#dayBegan + day) - this.#workedUntil
    if (wait >= this.restLength) {
      // The day that begins then ends with a rest of its own.
      const shortRests = this.#shortRests + Number(!this.#hasRestPart && wait + moment < dailyRest)
      return handling <= day - this.#restLength(false, shortRests)
    }
    return begin + handling <= this.#dayEndWith(this.#hasRestPart || this.#isRestPart(wait))
  }

  get #dailyDriving(): number {
    const { dailyDriving, longDays = 0, longDriving = dailyDriving } = this.#rules
    return this.#longDays < longDays ? longDriving : dailyDriving
  }

  /** When the day's work ends. */
  get #dayEnd(): number {
    return this.#dayEndWith(this.#hasRestPart || this.#isRestPart(this.#freeOfDay))
  }

  #dayEndWith(hasPart: boolean): number {
    const { day, dayLimits } = this.#rules
    return this.#dayBegan + day - (dayLimits === 'driving' ? 0 : this.#restLength(hasPart))
  }

  #restLength(hasPart: boolean, used = this.#shortRests): number {
    const { dailyRest, shortRests = 0, shortRest = dailyRest, splitRest } = this.#rules
    if (hasPart && splitRest !== undefined) return splitRest[1]
    return used < shortRests ? shortRest : dailyRest
  }

  /** Whether so much free time of a day, all at once, is the first part of a daily rest in two. */
  #isRestPart(free: number): boolean {
    const split = this.#rules.splitRest
    return split !== undefined && free + moment >= split[0]
  }
}
