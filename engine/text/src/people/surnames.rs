//! Surnames that are not read as the same character is elsewhere, and those of two characters.

/// How the surname that `name` begins with is read, one reading for each of its characters; `None` where the usual
/// readings do.
pub(super) fn reading(name: &str) -> Option<&'static [&'static str]> {
    DOUBLE
        .iter()
        .chain(SINGLE)
        .find(|(surname, _)| name.starts_with(surname))
        .map(|(_, reading)| *reading)
}

/// How many characters the surname has that `name` begins with.
pub(super) fn chars(name: &str) -> usize {
    let double = DOUBLE.iter().any(|(surname, _)| name.starts_with(surname))
        || PLAIN_DOUBLE.iter().any(|surname| name.starts_with(surname));
    if double { 2 } else { 1 }
}

const DOUBLE: &[(&str, &[&str])] = &[
    ("万俟", &["mo", "qi"]),
    ("尉迟", &["yu", "chi"]),
    ("尉遲", &["yu", "chi"]),
    ("长孙", &["zhang", "sun"]),
    ("長孫", &["zhang", "sun"]),
    ("单于", &["chan", "yu"]),
    ("澹台", &["tan", "tai"]),
    ("鲜于", &["xian", "yu"]),
    ("令狐", &["ling", "hu"]),
    ("宿勤", &["su", "qin"]),
    ("夏侯", &["xia", "hou"]),
    ("亓官", &["qi", "guan"]),
];

/// Of two characters, each read as usual.
const PLAIN_DOUBLE: &[&str] = &[
    "欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "皇甫", "公孙", "公孫", "慕容", "宇文",
    "司徒", "司空", "东方", "東方", "南宫", "南宮", "西门", "西門", "独孤", "端木", "轩辕", "呼延",
    "钟离", "闻人", "赫连", "申屠", "太史", "濮阳", "淳于", "公冶", "百里", "东郭", "拓跋", "完颜",
];

const SINGLE: &[(&str, &[&str])] = &[
    ("单", &["shan"]),
    ("單", &["shan"]),
    ("曾", &["zeng"]),
    ("解", &["xie"]),
    ("仇", &["qiu"]),
    ("区", &["ou"]),
    ("區", &["ou"]),
    ("查", &["zha"]),
    ("任", &["ren"]),
    ("盖", &["ge"]),
    ("朴", &["piao"]),
    ("乐", &["yue"]),
    ("樂", &["yue"]),
    ("缪", &["miao"]),
    ("覃", &["qin"]),
    ("翟", &["zhai"]),
    ("晁", &["chao"]),
    ("员", &["yun"]),
    ("種", &["chong"]),
    ("种", &["chong"]),
    ("黑", &["he"]),
    ("折", &["she"]),
    ("繁", &["po"]),
    ("秘", &["bi"]),
    ("冼", &["xian"]),
    ("洗", &["xian"]),
    ("召", &["shao"]),
    ("句", &["gou"]),
    ("隗", &["wei"]),
    ("郇", &["xun"]),
    ("宿", &["su"]),
    ("谌", &["chen"]),
    ("纪", &["ji"]),
    ("费", &["fei"]),
    ("葛", &["ge"]),
    ("车", &["che"]),
    ("車", &["che"]),
    ("石", &["shi"]),
    ("沈", &["shen"]),
    ("贾", &["jia"]),
    ("賈", &["jia"]),
    ("薄", &["bo"]),
    ("柏", &["bai"]),
    ("都", &["du"]),
    ("能", &["nai"]),
    ("那", &["na"]),
    ("宁", &["ning"]),
    ("曲", &["qu"]),
    ("尹", &["yin"]),
    ("应", &["ying"]),
    ("於", &["yu"]),
    ("长", &["zhang"]),
    ("重", &["chong"]),
    ("祭", &["zhai"]),
    ("逄", &["pang"]),
    ("佴", &["nai"]),
    ("妫", &["gui"]),
    ("撒", &["sa"]),
    ("相", &["xiang"]),
    ("眭", &["sui"]),
    ("哈", &["ha"]),
    ("牟", &["mou"]),
    ("俞", &["yu"]),
    ("行", &["xing"]),
];
