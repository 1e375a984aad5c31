import { expect } from 'chai'
import { By, Key, until, type WebDriver, type WebElement } from 'selenium-webdriver'
import type { Driver } from 'selenium-webdriver/chrome.js'
import { type Chromium, startChromium } from './chromium.ts'
import { hostileName, type PageStub, startPageStub } from './page-stub.ts'

const patienceMs = 10_000

describe('the web page', function () {
  this.timeout(60_000)

  let chromium: Chromium | undefined
  let driver: WebDriver
  let stub: PageStub

  before(async () => {
    stub = await startPageStub()
    chromium = await startChromium()
    driver = chromium.driver
  })

  after(async () => {
    await chromium?.quit()
    await stub?.close()
  })

  beforeEach(async () => {
    stub.asked.length = 0
    await open('')
  })

  async function open(search: string): Promise<void> {
    await driver.get(`${stub.url}${search}`)
    await find('#matches a')
  }

  function find(selector: string): Promise<WebElement> {
    return driver.wait(until.elementLocated(By.css(selector)), patienceMs)
  }

  async function textOf(selector: string): Promise<string> {
    return (await find(selector)).getText()
  }

  async function askClubs(home: string, away: string): Promise<void> {
    await driver.findElement(By.id('home')).sendKeys(home)
    await driver.findElement(By.id('away')).sendKeys(away, Key.ENTER)
  }

  async function address(): Promise<string> {
    return new URL(await driver.getCurrentUrl()).search
  }

  it('answers for a match chosen from the list, under an address of its own', async () => {
    await driver.findElement(By.css('#matches a')).click()
    expect(await textOf('.answered h2')).to.equal('Arsenal – Chelsea')
    expect(await address()).to.equal('?match_id=9100000001')
    expect(stub.asked).to.deep.equal([{ match_id: 9_100_000_001 }])
    const answer = await textOf('.answered')
    expect(answer).to.include('soccer-match-outcome 1.2.3 (champion)')
    expect(answer).to.include('computed just now')
    expect(answer).to.include('request-answered')
    expect(answer).to.include('A. Striker out, injured')
    expect(answer).to.include('Nobody reported.')
    expect(await driver.findElements(By.css('#matches a[aria-current]'))).to.have.lengthOf(1)
  })

  it('says that demonstration fixtures are invented', async () => {
    expect(await textOf('#demonstration')).to.include('invented')
  })

  it('answers for two clubs, one picked from the suggestions by keyboard', async () => {
    const home = await driver.findElement(By.id('home'))
    await home.sendKeys('arse')
    await find('#home-clubs li')
    await home.sendKeys(Key.ARROW_DOWN, Key.ENTER)
    await driver.findElement(By.id('away')).sendKeys('chelsea', Key.ENTER)
    expect(await textOf('.answered h2')).to.equal('Arsenal – Chelsea')
    expect(stub.asked).to.deep.equal([{ home: 'england.arsenal', away: 'chelsea' }])
    expect(await address()).to.equal('?home=england.arsenal&away=chelsea')
    expect(await driver.findElement(By.id('away')).getProperty('value')).to.equal('Chelsea')
    const answer = await textOf('.answered')
    expect(answer).to.include('Not known')
    expect(answer).to.include('stored')
  })

  it('sends the day of the match from the address', async () => {
    await open('?home=arsenal&away=chelsea&date=2026-12-01')
    await find('.answered')
    expect(stub.asked).to.deep.equal([{ home: 'arsenal', away: 'chelsea', kickoff: '2026-12-01T15:00:00Z' }])
  })

  it('offers the candidates of an ambiguous name and answers for the one pressed', async () => {
    await askClubs('man', 'chelsea')
    expect(await textOf('.refused .sentence')).to.equal('More than one club is called “man”.')
    const candidates = await driver.findElements(By.css('.candidates button'))
    expect(candidates).to.have.lengthOf(2)
    await candidates[0]?.click()
    expect(await textOf('.answered h2')).to.equal('Man United – Chelsea')
    expect(stub.asked.at(-1)).to.deep.equal({ home: 'england.man-united', away: 'chelsea' })
    expect(await driver.findElement(By.id('home')).getProperty('value')).to.equal('Man United')
  })

  it('says since when the ratings have seen no football, only when they are stale', async () => {
    await open('?match_id=9100000001')
    const notice = await textOf('.stale')
    expect(notice).to.include('have not seen football since 28 June 2024, 2 years and 4 months ago')
    await open('?home=arsenal&away=chelsea')
    await find('.answered')
    expect(await driver.findElements(By.css('.stale'))).to.have.lengthOf(0)
  })

  it('shows the sentence of a problem', async () => {
    await askClubs('nowhere', 'chelsea')
    expect(await textOf('.refused .sentence')).to.equal('No club is called “nowhere”.')
    expect(await textOf('.refused .fine')).to.include('request-refused')
  })

  it('lets the asker try again once the wait the service asked for is over', async () => {
    await askClubs('busy', 'chelsea')
    const retry = await find('.refused button')
    expect(await retry.isEnabled()).to.equal(false)
    expect(await retry.getText()).to.match(/^Try again in [12] s$/)
    await driver.wait(until.elementIsEnabled(retry), patienceMs)
    await retry.click()
    await driver.wait(() => stub.asked.length === 2, patienceMs)
  })

  it('has a sentence for an answer that is no JSON', async () => {
    await askClubs('down', 'chelsea')
    expect(await textOf('.refused .sentence')).to.include('status 502')
  })

  it('asks once however often the button is pressed, and drops a stale answer', async () => {
    await askClubs('slow', 'chelsea')
    const ask = await driver.findElement(By.id('ask'))
    await ask.click()
    await ask.click()
    expect(stub.asked).to.have.lengthOf(1)
    await driver.findElement(By.css('#matches a')).click()
    expect(await textOf('.answered h2')).to.equal('Arsenal – Chelsea')
    stub.release()
    await driver.sleep(300)
    expect(await textOf('.answered h2')).to.equal('Arsenal – Chelsea')
  })

  it('asks again where the service is still at work', async () => {
    await askClubs('later', 'chelsea')
    expect(await textOf('.answered h2')).to.equal('later – Chelsea')
    expect(stub.asked).to.have.lengthOf(2)
  })

  it('asks for a key where the service wants one, and keeps the question', async () => {
    await askClubs('locked', 'chelsea')
    await (await find('.key input')).sendKeys('open', Key.ENTER)
    expect(await textOf('.answered h2')).to.equal('locked – Chelsea')
    await driver.executeScript('sessionStorage.clear()')
  })

  it('stops waiting when told to', async () => {
    await askClubs('slow', 'chelsea')
    await (await find('.waiting button')).click()
    await find('.answer.start')
    expect(await address()).to.equal('')
  })

  it('goes back to the question before', async () => {
    await driver.findElement(By.css('#matches a')).click()
    await find('.answered')
    await askClubs('chelsea', 'arsenal')
    await driver.wait(until.titleContains('Chelsea – Arsenal'), patienceMs)
    await driver.navigate().back()
    await driver.wait(until.titleContains('Arsenal – Chelsea'), patienceMs)
    await driver.navigate().back()
    await find('.answer.start')
    expect(await address()).to.equal('')
  })

  it('never takes a name for HTML', async () => {
    expect(await textOf('#matches')).to.include(hostileName)
    await driver.findElement(By.id('home')).sendKeys('<img')
    expect(await textOf('#home-clubs li')).to.include(hostileName)
    await open('?match_id=9100000002')
    expect(await textOf('.answered h2')).to.equal(`Man United – ${hostileName}`)
    expect(await driver.findElements(By.css('img'))).to.have.lengthOf(0)
  })

  it('shows percentages and a bar that sum to 100, also where rounding alone would not', async () => {
    await open('?match_id=9100000001')
    await find('.answered .bar')
    const shown = await driver.executeScript<number[]>(
      'return [...document.querySelectorAll(".outcomes dd")].map((figure) => Number.parseInt(figure.textContent, 10))',
    )
    const widths = await driver.executeScript<number[]>(
      `const bar = document.querySelector('.answered .bar')
       const whole = bar.getBoundingClientRect().width
       return [...bar.children].map((part) => (part.getBoundingClientRect().width / whole) * 100)`,
    )
    expect(shown).to.deep.equal([34, 33, 33])
    expect(widths.reduce((sum, width) => sum + width, 0)).to.be.closeTo(100, 0.1)
    for (const [index, width] of widths.entries()) expect(width).to.be.closeTo(shown[index] ?? 0, 0.1)
    const label = await driver.findElement(By.css('.answered .bar')).getAttribute('aria-label')
    expect(label).to.equal('Arsenal win 34%, draw 33%, Chelsea win 33%')
  })

  it('finds matches by a part of any name', async () => {
    await driver.findElement(By.id('filter')).sendKeys('UNITED premier')
    expect(await driver.findElements(By.css('#matches a'))).to.have.lengthOf(1)
    expect(await textOf('#filter-count')).to.equal('1 of 2 matches')
  })

  it('fits a phone 360 px wide', async () => {
    const emulator = driver as Driver
    const size = { width: 360, height: 800, deviceScaleFactor: 2, mobile: true }
    await emulator.sendDevToolsCommand('Emulation.setDeviceMetricsOverride', size)
    try {
      await open('?match_id=9100000002')
      await find('.answered')
      const [content, view] = await driver.executeScript<number[]>(
        'return [document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )
      expect(view).to.equal(360)
      expect(content).to.equal(360)
    } finally {
      await emulator.sendDevToolsCommand('Emulation.clearDeviceMetricsOverride', {})
    }
  })

  it('breaks no rule of its content security policy and throws nothing', async () => {
    await open('?match_id=9100000001')
    await find('.answered')
    const entries = await driver.manage().logs().get('browser')
    const faults = entries.filter(({ message }) => /Content Security Policy|Uncaught/.test(message))
    expect(faults.map(({ message }) => message)).to.deep.equal([])
  })
})
