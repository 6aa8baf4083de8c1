"""The variables of the environment, as the settings page of the documents prints them."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.i18n import N_


@dataclass(frozen=True)
class Setting:
    """One variable of the environment, as the README prints it."""

    name: str
    meaning: str
    default: str = ""


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "HOTLINE_MODE",
        N_("development（默认：单机，SQLite，无需 Redis 和短信账号）或 production（正式运行）"),
        "development",
    ),
    Setting("HOTLINE_CITY", N_("城市资料所在的文件夹"), "hotline/city/anyang"),
    Setting("HOTLINE_VAR", N_("数据库、附件、模型等的存放处"), "var"),
    Setting(
        "HOTLINE_DEMO",
        N_("1：演示用户与“屏幕上的电话”，只限本机；open：别的机器也能打开演示；正式运行请设 0"),
        "1 (development) / 0 (production)",
    ),
    Setting(
        "DATABASE_URL",
        N_(
            "数据库，例如 postgresql://hotline@/hotline；有备库时两个地址都写上，程序只连能写的那一个："
            "postgresql://hotline:密码@/hotline?host=一:5432&host=二:5432"
        ),
        "sqlite:///var/hotline.db",
    ),
    Setting("DATABASE_OWNER_URL", N_("数据表的主人，只给 hotline migrate 用；程序自己的用户由它建立，改不了日志"), ""),
    Setting("REDIS_URL", N_("Redis，正式运行必需"), ""),
    Setting("SECRET_KEY", N_("签名密钥，至少 32 个字符；单机默认自动生成并保存"), ""),
    Setting(
        "PUBLIC_URL",
        N_("市民和短信平台看到的网址，用于链接与验签；单机默认随监听地址和端口"),
        "http://HOTLINE_HOST:HOTLINE_PORT (development)",
    ),
    Setting(
        "HOTLINE_SECOND_FACTOR",
        N_("1：系统管理员、能看保密工单的人和能导出的人登录时须输入手机上的验证码；0：自愿"),
        "1 (production) / 0 (development, demo)",
    ),
    Setting("OIDC_ISSUER", N_("单点登录：统一身份认证平台的 issuer 网址（OpenID Connect）；不填则只用密码登录"), ""),
    Setting("OIDC_CLIENT_ID", N_("单点登录：平台登记的应用编号；回调网址是 PUBLIC_URL/account/oidc/back"), ""),
    Setting("OIDC_CLIENT_SECRET", N_("单点登录：应用密钥"), ""),
    Setting("OIDC_LOGIN_CLAIM", N_("单点登录：哪一项是这里的登录名"), "preferred_username"),
    Setting(
        "OIDC_ROLES_CLAIM", N_("单点登录：哪一项列出平台里的组；组与角色的对应写在 city.yaml 的 sign_in"), "groups"
    ),
    Setting("OIDC_SCOPE", N_("单点登录：向平台请求的范围"), "openid profile"),
    Setting("HOTLINE_EXPORT_ALONE", N_("一个人可以自己导出的最多工单数；更多须第二个人批准"), "1000"),
    Setting("HOTLINE_HOST", N_("监听地址"), "127.0.0.1"),
    Setting("HOTLINE_PORT", N_("监听端口"), "8000"),
    Setting("HOTLINE_WORKERS", N_("网页进程数"), "1 (development) / 2 (production)"),
    Setting("HOTLINE_THREADS", N_("每个网页进程的线程数"), "64 (development) / 128 (production)"),
    Setting("TWILIO_ACCOUNT_SID", N_("Twilio 账号；不填则短信只写日志"), ""),
    Setting("TWILIO_AUTH_TOKEN", N_("Twilio 验签令牌"), ""),
    Setting("TWILIO_FROM", N_("短信和外呼号码"), ""),
    Setting("SMS_GATEWAY_URL", N_("短信网关的接口地址；填了就用它发短信，回执与上行由它推送到 /webhooks/gateway/"), ""),
    Setting("SMS_GATEWAY_ACCOUNT", N_("短信网关的账号"), ""),
    Setting("SMS_GATEWAY_KEY", N_("短信网关的签名密钥，至少 16 个字符；换密钥时“新,旧”同时有效"), ""),
    Setting("SMS_GATEWAY_SIGNATURE", N_("审核通过的短信签名，即【】里的名称"), ""),
    Setting(
        "SMS_GATEWAY_TEMPLATES",
        N_("审核通过的模板：代码=模板编号，多个用分号隔开；覆盖城市资料 messages.yaml 里的编号"),
        "",
    ),
    Setting("SMS_RANK", N_("短信先后由谁发，前一个发不出时换下一个，如 gateway,twilio"), "gateway,twilio"),
    Setting("SMS_PRICES", N_("每条短信的价格（元），用于统计费用，如 gateway=0.045;twilio=0.4"), ""),
    Setting(
        "SMTP_URL",
        N_("寄信的服务器，用于待办邮件等，如 smtp://用户:密码@主机:587；不用 TLS 的只能是本机或内网地址；不填则不寄"),
        "",
    ),
    Setting("MAIL_FROM", N_("发件人：待办邮件，以及给写信市民的回信；回信要能寄到 IMAP_URL 的信箱"), ""),
    Setting("IMAP_URL", N_("收市民来信的信箱，如 imaps://用户:密码@主机:993/INBOX；不填则不收"), ""),
    Setting("EMERGENCY_NUMBERS", N_("一键转接实际拨打的号码，如 110=0372110;120=0372120；不填则原样拨打"), ""),
    Setting(
        "HOTLINE_PROXIES",
        N_("站在前面的代理（nginx 等）的地址或网段，多个用逗号隔开；本机的不用写，别人说的来源地址一概不信"),
        "",
    ),
    Setting("HOTLINE_METRICS_TOKEN", N_("从别的机器读取 /metrics 的口令；不填则只有本机可以读"), ""),
    Setting("HOTLINE_HEADS_COPY", N_("每夜把封条的链头也写到这个文件夹（另一台机器或只写一次的盘）"), ""),
    Setting("HOTLINE_HEADS_MAIL", N_("每夜把封条的链头寄给谁（例如纪检监察），多个用逗号隔开"), ""),
    Setting("HOTLINE_BACKUPS", N_("每夜备份和恢复演练的文件夹（最好在另一块盘或另一台机器上）；不填则不自动备份"), ""),
    Setting("HOTLINE_BACKUP_DAYS", N_("备份保留天数；被删除个人信息的人到期后也不在备份里"), "30"),
    Setting(
        "HOTLINE_BACKUP_KEY", N_("备份密钥的文件；请抄一份放进保险柜，没有它任何备份都打不开"), "HOTLINE_VAR/backup_key"
    ),
    Setting(
        "HOTLINE_MASTER_KEY",
        N_("主密钥的文件，电话、姓名、附件和保密内容用它加密；放在数据库之外，请抄一份放进保险柜，没有它都读不出来"),
        "HOTLINE_VAR/master_key",
    ),
    Setting(
        "HOTLINE_MAP_TILES",
        N_("画在地图轮廓下面的瓦片文件（MBTiles 或 PMTiles，png、jpg 或 webp 图片）；不填则只画轮廓"),
        "",
    ),
    Setting(
        "HOTLINE_CLAMD",
        N_("查毒程序 clamd 的地址，如 /run/clamav/clamd.ctl 或 tcp://127.0.0.1:3310；不填则不查毒，附件旁写“未查毒”"),
        "",
    ),
    Setting(
        "HOTLINE_SECOND_PLACE",
        N_("附件的第二处存放（另一块盘或另一台机器的文件夹）：每个附件在那里有一份，第一份坏了就读它；不填则没有"),
        "",
    ),
    Setting("HOTLINE_STANDBY", N_("备库的地址，用来看它落后多少，以及 hotline switch-over；不填则没有备库"), ""),
    Setting("HOTLINE_STANDBY_BEHIND_MB", N_("备库落后超过多少 MB 时系统状况变红"), "16"),
    Setting("PARTNER_KEYS", N_("合作平台的签名密钥：名称=密钥，多个用分号隔开"), ""),
    Setting(
        "PARTNERS",
        N_(
            "各来源的渠道、乡镇、附件网站和推送地址：名称 channel=渠道代码 town=乡镇代码 media=网站,网站 post=https://网址；"
            "推送到内网的另加 private=1；多个来源用分号隔开"
        ),
        "",
    ),
    Setting(
        "HOTLINE_PROVINCE",
        N_("本市数字报给哪个省级热线：https://网址 name=本市在那里的代码（默认城市代码）private=1（内网）；不填则不报"),
        "",
    ),
    Setting("HOTLINE_PROVINCE_KEY", N_("省级热线登记本市时给的密钥；换密钥时“新,旧”同时有效"), ""),
)
