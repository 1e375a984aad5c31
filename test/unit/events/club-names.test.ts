import { expect } from 'chai'
import { foldClubName, indexClubs, resolveClub } from '../../../events/club-names.ts'

const club = (id: string, name: string, country: string, ...aliases: string[]) => ({
  id,
  name,
  country,
  aliases,
})

const index = indexClubs([
  club('england.man-city', 'Man City', 'England', 'Manchester City'),
  club('england.man-united', 'Man United', 'England', 'Manchester United'),
  club('england.leeds', 'Leeds', 'England', 'Leeds United'),
  club('england.wolves', 'Wolves', 'England', 'Wolverhampton Wanderers'),
  club('england.tottenham', 'Tottenham', 'England', 'Tottenham Hotspur', 'Spurs'),
  club('england.nottm-forest', "Nott'm Forest", 'England', 'Nottingham Forest'),
  club('england.eastbourne-borough', 'Eastbourne Borough', 'England'),
  club('england.charlton', 'Charlton', 'England', 'Charlton Athletic'),
  club('england.arsenal', 'Arsenal', 'England'),
  club('russia.arsenal-tula', 'Arsenal Tula', 'Russia'),
  club('germany.fc-koln', 'FC Koln', 'Germany', 'Köln', '1. FC Köln'),
  club('germany.f-koln', 'F Koln', 'Germany', 'Fortuna Köln'),
  club('germany.bayern-munich', 'Bayern Munich', 'Germany', 'Bayern'),
  club('spain.ath-madrid', 'Ath Madrid', 'Spain', 'Atlético Madrid', 'Atletico'),
  club('spain.ath-bilbao', 'Ath Bilbao', 'Spain', 'Athletic Bilbao', 'Athletic Club'),
  club('spain.real-madrid', 'Real Madrid', 'Spain'),
  club('spain.betis', 'Betis', 'Spain', 'Real Betis'),
  club('france.paris-sg', 'Paris SG', 'France', 'PSG', 'Paris Saint-Germain'),
  club('turkey.besiktas', 'Besiktas', 'Turkey'),
  club('sweden.malmo-ff', 'Malmo FF', 'Sweden'),
  club('norway.bodo-glimt', 'Bodo/Glimt', 'Norway'),
  club('italy.inter', 'Inter', 'Italy', 'Inter Milan'),
  club('usa.inter-miami', 'Inter Miami', 'USA'),
  club('greece.twin', 'Aris', 'Greece'),
  club('cyprus.twin', 'Aris', 'Cyprus'),
])

describe('club names', () => {
  it('folds case, accents, apostrophes and punctuation', () => {
    expect(foldClubName('1. FC Köln')).to.equal('1 fc koln')
    expect(foldClubName('Nott’m  Forest!')).to.equal('nottm forest')
    expect(foldClubName('Bodø/Glimt')).to.equal('bodo glimt')
    expect(foldClubName('A.C. Milan & Co')).to.equal('ac milan and co')
    expect(foldClubName('Łódź ßæ')).to.equal('lodz ssae')
  })

  const certain: Record<string, readonly string[]> = {
    'england.man-united': ['Man Utd', 'manchester united', 'MANCHESTER UTD', ' Man  United FC '],
    'germany.fc-koln': ['Köln', 'Koln', '1. FC Köln', 'FC Koln', 'Koeln'],
    'spain.ath-madrid': ['Atlético Madrid', 'Atletico', 'Ath Madrid', 'ATLETICO MADRID'],
    'france.paris-sg': ['PSG', 'Paris Saint-Germain', 'Paris St Germain'],
    'england.wolves': ['Wolves', 'Wolverhampton Wanderers', 'Wolverhampton'],
    'england.tottenham': ['Spurs'],
    'england.nottm-forest': ["Nott'm Forest", 'Nott’m Forest', 'Nottingham Forest'],
    'turkey.besiktas': ['Beşiktaş', 'Besiktas SK'],
    'sweden.malmo-ff': ['Malmö', 'MALMO'],
    'norway.bodo-glimt': ['Bodø/Glimt', 'FK Bodo/Glimt'],
    'italy.inter': ['Inter'],
    'england.arsenal': ['Arsenal', 'arsenal fc'],
    'germany.bayern-munich': ['Bayern München', 'Bayern Muenchen', 'Bayern Munich', 'FC Bayern'],
  }
  for (const [id, names] of Object.entries(certain)) {
    for (const name of names) {
      it(`knows ${name}`, () => {
        const found = resolveClub(index, { name })
        expect(found.kind === 'one' ? found.club.id : found.kind).to.equal(id)
      })
    }
  }

  for (const name of ['Manchester', 'United', 'Real', 'Athletic', 'Madrid', 'Aris']) {
    it(`does not decide what ${name} means`, () => {
      expect(resolveClub(index, { name }).kind).to.equal('several')
    })
  }

  it('narrows by a country it knows and ignores one it does not', () => {
    const inGreece = resolveClub(index, { name: 'Aris', country: 'Greece' })
    expect(inGreece).to.deep.include({ kind: 'one' })
    expect(resolveClub(index, { name: 'Arsenal', country: 'Russia' })).to.have.nested.property(
      'club.id',
      'russia.arsenal-tula',
    )
    expect(resolveClub(index, { name: 'Arsenal', country: 'Europe' })).to.have.nested.property(
      'club.id',
      'england.arsenal',
    )
  })

  it('offers the nearest names for a slip of the pen', () => {
    const found = resolveClub(index, { name: 'Arsenaal' })
    expect(found.kind === 'none' && found.nearest.map(({ id }) => id)).to.deep.equal(['england.arsenal'])
  })

  it('takes the beginning of a word for a hint only', () => {
    const found = resolveClub(index, { name: 'Boro' })
    expect(found.kind === 'none' && found.nearest.map(({ id }) => id)).to.deep.equal([
      'england.eastbourne-borough',
    ])
  })

  it('survives odd input in bounded time', () => {
    for (const name of [
      '',
      '   ',
      '🙂',
      'FC',
      '...',
      '__proto__',
      'a'.repeat(1_000_000),
      'ａｂｃ',
      '\u0000',
      'a '.repeat(49),
    ]) {
      expect(resolveClub(index, { name }).kind, JSON.stringify(name.slice(0, 20))).to.equal('none')
    }
  })

  it('answers from an empty index', () => {
    expect(resolveClub(indexClubs([]), { name: 'Arsenal' })).to.deep.equal({ kind: 'none', nearest: [] })
  })
})
