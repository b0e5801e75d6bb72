//! Letter-to-sound rules for English, in the manner of Elovitz, Johnson, McHugh and Shore, "Letter-to-Sound Rules for
//! Automatic Translation of English Text to Phonetics" (1976): the first rule that fits at a place says what its letters
//! sound like.

/// One rule a word: `before[letters]after=sound`. In the contexts `_` is the word's end, `#` a vowel letter, `:` any number
/// of consonants, `^` one consonant, `+` one of e, i, y, `.` a voiced consonant, `%` a suffix (e, es, ed, er, ers, ing, ely,
/// y at the word's end). Sounds are misaki's; stress is set later.
pub(super) const RULES: &str = "
_[a]_=ə [a]^%=A [a]^^le_=æ _[al]m=ɑ [air]=ɛɹ [are]_=ɛɹ [ai]=A [ay]=A [augh]=ɔ [au]=ɔ [aw]=ɔ [ar]#=ɛɹ _w[ar]=ɔɹ _qu[ar]=ɔɹ [ar]=ɑɹ
[all]_=ɔl [alk]=ɔk _w[a]=ɑ _sw[a]=ɑ _qu[a]=ɑ [able]_=əbᵊl [age]_=ɪʤ [ate]_=At [a]tion=A [a]sion=A [a]cious=A [ae]=i [ah]=ɑ [a]ste_=A [a]nge_=A [al]_=ᵊl
:#^[an]_=ən [a]_=ə [a]=æ
[bb]=b m[b]_= [b]=b
[sch]=sk _[chr]=kɹ [chn]=kn [ch]=ʧ [ck]=k [cc]+=ks [cc]=k [ci]a=ʃ [ci]o=ʃ [ci]en=ʃ [c]+=s [cqu]=kw [c]=k
[dd]=d [dge]=ʤ [dg]=ʤ [du]r=ʤə [d]=d
_:[e]_=i :#:[e]_= #:[e]s_= [ear]^=ɜɹ [ear]=ɪɹ [ea]d_=ɛ [ea]th=ɛ [ea]lth=ɛ [ea]=i [eer]=ɪɹ [eech]=iʧ [ee]=i [eigh]=A [ei]=i [ere]_=ɪɹ [err]=ɛɹ [er]_=əɹ [er]^=əɹ
[er]#=ɛɹ [er]=əɹ [eur]=jɜɹ [eu]=ju [ewh]=u _r[ew]=u l[ew]=u [ew]=ju [eye]=I [ey]_=i [ey]=A :#:d[ed]_=ᵻd :#:t[ed]_=ᵻd #^[ed]_=d #:[ed]_=d [el]_=ᵊl [en]_=ᵊn
#:[es]_=ᵻz [e]o=i [e]a=i [e]^e_=i [e]=ɛ
[ff]=f [f]=f
[gg]=ɡ [gh]t= _[gh]=ɡ #[gh]= _[gn]=n [gn]_=n [gue]_=ɡ [gu]e=ɡ [gu]i=ɡ [g]et=ɡ [g]ir=ɡ [g]i=ʤ [ge]_=ʤ [g]e=ʤ [g]y=ʤ [g]=ɡ
_[h]our= _[hon]=ɑn _:#[h]_= r[h]= [h]#=h [h]=
_[i]_=I [igh]=I [ign]_=In [ind]_=Ind [ild]_=Ild [ier]_=iəɹ [ied]_=id [ies]_=iz [ie]_=I [ie]=i [ique]_=ik [ization]=əzAʃən [ize]_=Iz [ise]_=Iz [ir]e=Iəɹ [ir]#=ɪɹ [ir]=ɜɹ [ing]_=ɪŋ
[ious]=iəs [io]n=jə [io]=iO [ia]_=iə [ia]n=iə [ia]=iə [ism]_=ɪzᵊm [ine]_=In [ive]_=ɪv [ite]_=It [i]^%=I [ii]=iI _:[i]_=I [i]_=i [i]=ɪ
[j]=ʤ
_[kn]=n [kh]=k [kk]=k [k]=k
[le]_=ᵊl [ll]=l [l]=l
_[mn]=n [mm]=m [mb]_=m [mn]_=m [m]=m
[ng]_=ŋ [ng]th=ŋ [ng]^=ŋɡ [nk]=ŋk [nx]=ŋks [nn]=n [n]=n
[oa]=O [oe]_=O [oi]=Y [oy]=Y [ook]=ʊk [ood]_=ʊd [oor]=ɔɹ [oo]=u [ough]t=ɔ [ough]=O [our]_=ɔɹ [our]=ɔɹ [ould]=ʊd [ous]_=əs [ou]p=u [ou]=W [ow]_=O [ow]n_=O [ow]=W
[ore]_=ɔɹ _w[or]=ɜɹ #:^[or]_=əɹ [or]=ɔɹ [old]=Old [olk]=Ok [oll]_=Ol [ost]_=Ost [om]e_=ʌm [on]_=ən [o]^%=O [o]^ia=O [o]_=O [o]ng=ɔ [oss]=ɔs [oth]er=ʌð [o]=ɑ
[ph]=f [pp]=p _[ps]=s _[pn]=n _[pt]=t [p]=p
[que]_=k [qu]=kw [q]=k
_[rh]=ɹ [rr]=ɹ [r]=ɹ
[sch]_=ʃ [sh]=ʃ #[sion]=ʒən [sion]=ʃən [ssion]=ʃən [ssu]r=ʃə [sure]_=ʒəɹ [sc]+=s [ss]=s #[s]m_=z #[s]e_=z #[s]ing_=z .[s]_=z #:#[s]_=z [s]=s
[tch]=ʧ [tion]=ʃən [tious]=ʃəs [tia]=ʃə [tien]=ʃən [ture]_=ʧəɹ [tu]a=ʧu [th]e_=ð [th]er=ð [th]=θ [tt]=t [t]=t
[ue]_=u [uy]_=I [ui]=u [ur]e_=jʊɹ [ur]#=jʊɹ [ur]=ɜɹ _[uni]=junə _p[u]t=ʊ [ull]_=ʊl [ush]=ʊʃ [u]^%=u [u]^^=ʌ [u]^_=ʌ [u]_=u [u]^#=u [u]=ʌ
[vv]=v [v]=v
_[wr]=ɹ [wh]o=h [wh]=w [w]#=w [w]r= [w]=w
_[x]=z [xc]+=ks [x]=ks
_[y]=j _:[y]_=I [ymph]=ɪmf :#:^[y]_=i #[y]_= [yr]=ɪɹ [y]^%=I [y]^=ɪ [y]=i
[zz]=z [z]=z
";
